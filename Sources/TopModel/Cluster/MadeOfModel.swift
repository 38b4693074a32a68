import Locking

/// What was made of a model last, for as long as the model stays what it was and the time does: a pane and a few rules ask for the same.
/// What knows the facts that it is made of stays while these do.
final class MadeOfModel<Asked: Equatable & Sendable, Facts: Equatable & Sendable, Made: Sendable>: Sendable {
  private struct Kept {
    var asked: Asked
    var model: Stamp
    /// The time of the model, microseconds since the Unix epoch.
    var now: Int64
    /// nil where there are none, and where what is made is another each second.
    var facts: Facts?
    var made: Made
  }

  /// The screen's, and those of rules with other windows.
  private static var most: Int { 4 }

  private let kept = Mutex<[Kept]>([])

  /// - Parameters:
  ///   - facts: what it is made of.
  ///   - make: makes it.
  func made(
    _ model: ClusterModel, _ asked: Asked, facts: () -> Facts? = { nil }, _ make: () -> Made
  ) -> Made {
    let (stamp, now) = (model.stamp, model.now)
    let known = kept.withLock { kept in kept.first { $0.asked == asked } }
    if let known, known.model == stamp, known.now == now { return known.made }
    let facts = facts()
    let made: Made
    if let known, facts != nil, known.facts == facts { made = known.made } else { made = make() }
    kept.withLock { kept in
      // What was made of an older model, and may be another by now, holds what is in it.
      kept.removeAll { $0.asked == asked || $0.facts == nil && ($0.model != stamp || $0.now != now) }
      // The last one asked for stands at the end.
      if kept.count >= Self.most { kept.removeFirst() }
      kept.append(Kept(asked: asked, model: stamp, now: now, facts: facts, made: made))
    }
    return made
  }
}
