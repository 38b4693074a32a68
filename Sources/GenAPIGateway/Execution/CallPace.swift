import Locking

/// Whether a function may be called on the thread that brings its request, which may be a transport's: only while
/// it has been seen to give the thread back soon, by suspending or by ending.
///
/// Handing a call to another thread costs more than all the rest of a request; a function that holds a transport's
/// thread holds every client of that thread. So a function is called on other threads until 32 calls in a row held
/// one for less than 200 µs each. Then it stays, until it once holds the thread for 50 ms, or for 1 ms several
/// times among few: a busy system takes the thread away for that long now and then, whatever the function does. It
/// then goes back to other threads for 10 s, and each time for twice as long up to an hour, before it is tried
/// again.
final class CallPace: Sendable {
  static let trial = 32
  static let quickNs: Int64 = 200_000
  static let slowNs: Int64 = 1_000_000
  static let hangingNs: Int64 = 50_000_000
  /// What a slow call adds and a quick one takes one of, and what ends the stay.
  static let slowWeight = 64
  static let mostWeight = 192
  private static let penaltyNs: Int64 = 10_000_000_000
  private static let longestPenaltyNs: Int64 = 3_600_000_000_000

  /// Quick calls in a row.
  private let quick = Atomic<Int>(0)
  private let weight = Atomic<Int>(0)
  private let offences = Atomic<Int>(0)
  private let waitsUntilNs = Atomic<Int64>(.min)

  /// Whether the next call may run on this thread.
  var mayHoldThread: Bool { quick.load(ordering: .relaxed) >= Self.trial }

  /// Notes how long a call held its thread until it suspended or ended.
  func held(_ nanoseconds: Int64, nowNs: Int64) {
    let quick = self.quick.load(ordering: .relaxed)
    if quick >= Self.trial {
      stayed(nanoseconds, nowNs)
    } else if nanoseconds >= Self.quickNs {
      self.quick.store(0, ordering: .relaxed)
    } else if nowNs >= waitsUntilNs.load(ordering: .relaxed) {
      self.quick.store(quick + 1, ordering: .relaxed)
    }
  }

  private func stayed(_ nanoseconds: Int64, _ nowNs: Int64) {
    let weight = self.weight.load(ordering: .relaxed)
    if nanoseconds < Self.slowNs {
      if weight > 0 { self.weight.store(weight - 1, ordering: .relaxed) }
      return
    }
    self.weight.store(weight + Self.slowWeight, ordering: .relaxed)
    guard nanoseconds >= Self.hangingNs || weight + Self.slowWeight >= Self.mostWeight else { return }
    let offence = offences.add(1, ordering: .relaxed).newValue
    let penalty = min(Self.penaltyNs << Int64(min(offence - 1, 10)), Self.longestPenaltyNs)
    waitsUntilNs.store(nowNs + penalty, ordering: .relaxed)
    self.weight.store(0, ordering: .relaxed)
    self.quick.store(0, ordering: .relaxed)
  }
}
