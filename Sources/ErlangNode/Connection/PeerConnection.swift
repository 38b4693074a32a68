import Locking
import NIOCore
import OutsideText

/// An open connection to another node. Messages may be sent from any thread, in the order of the calls.
final class PeerConnection: Sendable {
  let name: ByteText
  let flags: DistributionFlags
  /// Made when the connection is: tells it from an earlier one to a node of the same name.
  let serial: UInt64
  private let channel: any Channel
  private let limitBytes: Int
  /// Calls of this node that run here. Changed under the lock of the node's state.
  let serving = Atomic(0)
  /// Of its calls of functions that are registered to be called in turn.
  let turns = CallTurns()

  private struct Outbox {
    var packets: [[UInt8]] = []
    /// Bytes handed over and not yet taken by the system.
    var bytes = 0
    var isScheduled = false
  }

  private let outbox = Mutex(Outbox())

  init(_ peer: DistributionHandshake.Peer, serial: UInt64, channel: any Channel, limitBytes: Int) {
    name = peer.name
    flags = peer.flags
    self.serial = serial
    self.channel = channel
    self.limitBytes = limitBytes
  }

  /// False when so much waits already that this would go beyond the bound; nothing was sent then.
  @discardableResult
  func send(_ message: DistributionMessage) -> Bool { send(raw: MessageCodec.encode(message)) }

  /// The same for a message that is written already.
  @discardableResult
  func send(raw packet: [UInt8]) -> Bool {
    let (isTaken, wakes) = outbox.withLock { outbox -> (Bool, Bool) in
      // One message is always taken, however large, so that a term of the bound's size can be sent at all.
      guard outbox.bytes == 0 || outbox.bytes + packet.count <= limitBytes else { return (false, false) }
      outbox.packets.append(packet)
      outbox.bytes += packet.count
      defer { outbox.isScheduled = true }
      return (true, !outbox.isScheduled)
    }
    if wakes { channel.eventLoop.execute { self.flush() } }
    return isTaken
  }

  /// One write for all that came meanwhile.
  private func flush() {
    let packets = outbox.withLock { outbox in
      defer { outbox.packets = [] }
      outbox.isScheduled = false
      return outbox.packets
    }
    guard !packets.isEmpty else { return }
    let count = packets.reduce(0) { $0 + $1.count }
    var buffer = channel.allocator.buffer(capacity: count + 4 * packets.count)
    for packet in packets {
      buffer.writeInteger(UInt32(packet.count))
      buffer.writeBytes(packet)
    }
    channel.writeAndFlush(buffer).whenComplete { _ in self.outbox.withLock { $0.bytes -= count } }
  }

  var isOpen: Bool { channel.isActive }

  func close() { channel.close(promise: nil) }
}
