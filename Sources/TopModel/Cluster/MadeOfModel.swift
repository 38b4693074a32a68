import Locking

/// What was made of a model last, for as long as the model stays what it was and the time does: a pane and a few rules ask for the same.
final class MadeOfModel<Asked: Equatable & Sendable, Made: Sendable>: Sendable {
  private struct Kept {
    var model = Stamp()
    /// The time of the model, microseconds since the Unix epoch.
    var now: Int64 = 0
    var made: [(asked: Asked, made: Made)] = []
  }

  /// The screen's, and those of rules with other windows.
  private static var most: Int { 4 }

  private let kept = Mutex(Kept())

  func made(_ model: ClusterModel, _ asked: Asked, _ make: () -> Made) -> Made {
    let (stamp, now) = (model.stamp, model.now)
    let known = kept.withLock { kept in
      kept.model == stamp && kept.now == now ? kept.made.first { $0.asked == asked }?.made : nil
    }
    if let known { return known }
    let made = make()
    kept.withLock { kept in
      if kept.model != stamp || kept.now != now { kept = Kept(model: stamp, now: now) }
      if kept.made.count < Self.most { kept.made.append((asked, made)) }
    }
    return made
  }
}
