import Locking

/// The rows of limits that were made last, for as long as nothing that they are made of is another.
final class KeptLimits: Sendable {
  private struct Made {
    var asked: ViewSettings
    var model: Stamp
    /// The time of the model, microseconds since the Unix epoch.
    var now: Int64
    /// nil where rates are others each second.
    var facts: [LimitFacts]?
    var rows: [LimitRow]
  }

  /// The screen's, and those of rules with other windows.
  private static let most = 4

  private let kept = Mutex<[Made]>([])

  /// - Parameters:
  ///   - facts: what the rows depend on.
  ///   - make: makes the rows.
  func rows(
    _ model: ClusterModel, _ asked: ViewSettings, _ facts: () -> [LimitFacts]?, _ make: () -> [LimitRow]
  ) -> [LimitRow] {
    let known = kept.withLock { kept in kept.first { $0.asked == asked } }
    if let known, known.model == model.stamp, known.now == model.now { return known.rows }
    let facts = facts()
    let isSame = facts != nil && known?.facts == facts
    let rows = isSame ? known?.rows ?? make() : make()
    kept.withLock { kept in
      // The last one asked for stands at the end.
      kept.removeAll { $0.asked == asked }
      if kept.count >= Self.most { kept.removeFirst() }
      kept.append(Made(asked: asked, model: model.stamp, now: model.now, facts: facts, rows: rows))
    }
    return rows
  }
}
