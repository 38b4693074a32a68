/// What a circuit breaker does with the next task.
public enum CircuitState: String, Codable, Sendable, CaseIterable {
  /// Lets it run.
  case closed
  /// Refuses it until the cooldown is over.
  case open
  /// Lets one probe run and refuses the rest.
  case halfOpen = "half_open"
}
