import Synchronization

/// Whether a function may be called on the thread that brings its request, which may be a transport's: only while
/// it has been seen to give the thread back soon, by suspending or by ending.
///
/// Handing a call to another thread costs more than all the rest of a request; a function that holds a transport's
/// thread holds every client of that thread. So a function is called on other threads until 32 calls in a row
/// held one for less than 200 µs each; and again, for 10 s and each time twice as long up to an hour, after one
/// that held it for more than 1 ms.
final class CallPace: Sendable {
  static let trial = 32
  static let quickNs: Int64 = 200_000
  static let slowNs: Int64 = 1_000_000
  private static let penaltyNs: Int64 = 10_000_000_000
  private static let longestPenaltyNs: Int64 = 3_600_000_000_000

  /// Quick calls in a row; -1 while the function waits for its penalty to end.
  private let quick = Atomic<Int>(0)
  private let offences = Atomic<Int>(0)
  private let waitsUntilNs = Atomic<Int64>(.min)

  /// Whether the next call may run on this thread.
  func staysHere(nowNs: Int64) -> Bool {
    let quick = self.quick.load(ordering: .relaxed)
    if quick >= Self.trial { return true }
    if quick < 0, nowNs >= waitsUntilNs.load(ordering: .relaxed) { self.quick.store(0, ordering: .relaxed) }
    return false
  }

  /// Notes how long a call held its thread until it suspended or ended.
  func held(_ nanoseconds: Int64, nowNs: Int64) {
    if nanoseconds > Self.slowNs {
      let offence = offences.add(1, ordering: .relaxed).newValue
      let penalty = min(Self.penaltyNs << Int64(min(offence - 1, 10)), Self.longestPenaltyNs)
      waitsUntilNs.store(nowNs + penalty, ordering: .relaxed)
      quick.store(-1, ordering: .relaxed)
      return
    }
    let quick = self.quick.load(ordering: .relaxed)
    guard quick >= 0, quick < Self.trial else { return }
    self.quick.store(nanoseconds < Self.quickNs ? quick + 1 : 0, ordering: .relaxed)
  }
}
