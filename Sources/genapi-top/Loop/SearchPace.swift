/// How many events a search looks at for one drawing: as many as leave the screen quick on this machine, so that most searches are
/// over before anybody sees that they go on.
struct SearchPace: Equatable {
  /// On the slowest machine some milliseconds; at most half of what is kept, so that a key does not wait for a search.
  static let bounds = 1_000...4_000

  private(set) var events = bounds.lowerBound

  /// A drawing with such a search took so many milliseconds.
  mutating func drew(in milliseconds: Int64) {
    let wanted = milliseconds <= 20 ? events * 4 : milliseconds >= 60 ? events / 2 : events
    events = min(max(wanted, Self.bounds.lowerBound), Self.bounds.upperBound)
  }
}
