/// Tells what conditions are about, of one gateway at one moment, from what it was at others: while all of these are the same, the same
/// conditions hold.
struct ShownFacts: Equatable, Sendable {
  private let told: Stamp
  /// Of the second shown: what is told may become that one later.
  private let shown: Stamp?
  private let isStale: Bool
  private let isReading: Bool

  init(_ target: TargetModel, at now: Int64) {
    told = target.facts
    let second = target.liveSecond(at: now)
    shown = target.history.slowFacts(at: second)
    isStale = target.isStale(at: now)
    isReading = target.isReading(at: now)
  }
}
