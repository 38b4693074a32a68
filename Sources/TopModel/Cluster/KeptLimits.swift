import Locking

/// The rows of limits that were asked for last, for as long as the model stays what it was: a pane and a rule look at the same ones.
final class KeptLimits: Sendable {
  struct Key: Equatable {
    var model: Stamp
    /// The time of the model, microseconds since the Unix epoch.
    var now: Int64
    var settings: ViewSettings
  }

  /// The screen's, and those of rules with other windows.
  private static let most = 3

  private let kept = Mutex<[(key: Key, rows: [LimitRow])]>([])

  func rows(_ key: Key, _ make: () -> [LimitRow]) -> [LimitRow] {
    if let known = kept.withLock({ $0.first { $0.key == key }?.rows }) { return known }
    let rows = make()
    kept.withLock { kept in
      // Those of a model that changed since are of no use to anybody.
      kept.removeAll { $0.key.model != key.model || $0.key.now != key.now }
      if kept.count < Self.most { kept.append((key, rows)) }
    }
    return rows
  }
}
