/// Whose choice of a node `hash` and `sticky` make.
public enum NodeChoiceCompatibility: String, Sendable, Hashable, CaseIterable {
  /// The gateway's own: a node that leaves moves only its own keys.
  case own
  /// That of an Elixir gateway, `phash2` by remainder, so that each key stays on its node while both run beside each other.
  case elixir
}
