import Locking

/// Who has had turns on an event loop: what tells a socket whether it has the loop to itself.
///
/// Its values are read and written on that loop only; they are atomic so that the compiler can see that it is safe.
final class LoopTurns: Sendable {
  private let lastSocket = Atomic<UInt64>(0)
  private let lastOtherNs = Atomic<Int64>(.min)
  private let lastTurnNs = Atomic<Int64>(.min)

  /// A loop on which another socket had a turn so lately has other work while this one's client makes up its mind.
  private static let recentNs: Int64 = 1_000_000

  /// Notes the turn of a socket.
  ///
  /// - Returns: whether another socket had a turn on this loop within the last millisecond.
  func begin(_ socket: UInt64, nowNs: Int64) -> Bool {
    if lastSocket.load(ordering: .relaxed) != socket {
      lastSocket.store(socket, ordering: .relaxed)
      lastOtherNs.store(lastTurnNs.load(ordering: .relaxed), ordering: .relaxed)
    }
    lastTurnNs.store(nowNs, ordering: .relaxed)
    return nowNs &- Self.recentNs < lastOtherNs.load(ordering: .relaxed)
  }
}
