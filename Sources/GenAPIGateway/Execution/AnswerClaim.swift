import Locking

/// Who gives a request its answer: its own work, or whoever cuts it off. The first that takes the claim does.
package final class AnswerClaim: Sendable {
  private let isTaken = Atomic<Bool>(false)

  package init() {}

  /// True for the first that asks.
  package func take() -> Bool { !isTaken.exchange(true, ordering: .acquiringAndReleasing) }
}
