import Locking
import NIOCore

/// How often a connection could not be accepted, over all listeners of the process: the descriptors are the process's.
public final class AcceptRefusals: Sendable {
  public static let shared = AcceptRefusals()

  private let total = Atomic<Int64>(0)
  /// On NIO's clock, in nanoseconds; 0 for never.
  private let latestNs = Atomic<UInt64>(0)

  /// What the log is told of, once for all listeners.
  private struct Told {
    var names: [String] = []
    var count: Int64 = 0
    var last = NIODeadline.uptimeNanoseconds(0)
  }
  private let told = Mutex<Told?>(nil)

  public init() {}

  enum Calm {
    /// Not yet: so long it has to go well.
    case rest(TimeAmount)
    /// Which listeners could accept nobody, and how often.
    case over(names: [String], count: Int64)
  }

  /// A listener could accept nobody.
  ///
  /// - Returns: whether it is the first, which tells the log.
  func wants(_ name: String, at now: NIODeadline) -> Bool {
    told.withLock { told in
      let isFirst = told == nil
      var known = told ?? Told()
      if !known.names.contains(name) { known.names.append(name) }
      known.count += 1
      known.last = max(known.last, now)
      told = known
      return isFirst
    }
  }

  func calm(for time: TimeAmount, at now: NIODeadline) -> Calm {
    told.withLock { told in
      let known = told ?? Told()
      let rest = known.last + time - now
      if told != nil, rest.nanoseconds > 0 { return .rest(rest) }
      told = nil
      return .over(names: known.names, count: known.count)
    }
  }

  public var value: Int64 { total.load(ordering: .relaxed) }

  func count() {
    total.add(1, ordering: .relaxed)
    turnedAway()
  }

  /// Notes a client that got nothing although its connection could be accepted, as hardly any descriptors are left.
  public func turnedAway() { latestNs.store(NIODeadline.now().uptimeNanoseconds, ordering: .relaxed) }

  /// Whether somebody was refused in the last so many seconds.
  public func isRecent(seconds: UInt64 = 30) -> Bool {
    let latest = latestNs.load(ordering: .relaxed)
    guard latest > 0 else { return false }
    let now = NIODeadline.now().uptimeNanoseconds
    return now < latest || now - latest < seconds.multipliedReportingOverflow(by: 1_000_000_000).partialValue
  }
}
