/// What is left of a time that the nodes which are asked in turn have together.
package struct NodeBudget {
  enum Rest: Equatable {
    case unbounded
    case left(Duration)
    case over
  }

  private let clock: any GatewayClock
  private let startNs: Int64
  private let time: Duration?

  /// - Parameter time: nil for no bound.
  init(_ time: Duration?, on clock: any GatewayClock) {
    self.clock = clock
    self.time = time
    startNs = time == nil ? 0 : clock.monotonicNanoseconds()
  }

  /// How much of what is left connecting to a node may take: half of it where another node may be asked afterwards.
  package static func connecting(of rest: Duration?, isLast: Bool) -> Duration? {
    isLast ? rest : rest.map { $0 / 2 }
  }

  /// The whole of it until a millisecond has passed, so that what is said of it is what was set.
  var rest: Rest {
    guard let time else { return .unbounded }
    let spentMs = (clock.monotonicNanoseconds() - startNs) / 1_000_000
    guard spentMs > 0 else { return .left(time) }
    let left = time - .milliseconds(spentMs)
    return left > .zero ? .left(left) : .over
  }
}
