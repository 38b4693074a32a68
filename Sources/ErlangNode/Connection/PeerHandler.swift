import Listening
import NIOCore
import NIOPosix
import OutsideText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// One connection to another node: the handshake, then messages and ticks. Lives on its event loop.
final class PeerHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let node: NodeCore
  private let isInitiator: Bool
  private var handshake: DistributionHandshake
  private let firstPacket: [UInt8]?
  private let established: EventLoopPromise<PeerConnection>
  /// Bytes of the length before a packet of the handshake: 2, but 4 over TLS, as `inet_tls_dist` has it.
  private let lengthBytes: Int
  private var peer: PeerConnection?
  private var buffer = ByteBuffer()
  private var hasRead = true
  private var silentTicks = 0
  private var reason = "connection closed"
  private var context: ChannelHandlerContext?
  /// The name a node gave that connected to us, until the handshake is over.
  private var claimed: ByteText?
  /// What it leaves the door with, as long as it counts there.
  private var ticket: UInt64?
  /// A large message is being read on another thread; those behind it wait, and nothing more is taken from the socket.
  private var isReadingElsewhere = false
  /// The connection ended meanwhile.
  private var isGone = false

  /// The side that connects when a node is named.
  ///
  /// - Parameter ticket: of a node that connected to us: what the door gave it.
  init(
    node: NodeCore, to target: ByteText?, ticket: UInt64? = nil,
    established: EventLoopPromise<PeerConnection>
  ) {
    self.node = node
    self.established = established
    self.ticket = ticket
    isInitiator = target != nil
    lengthBytes = node.configuration.tls == nil ? 2 : 4
    let challenge = UInt32.random(in: 0...UInt32.max)
    if let target {
      let (handshake, packet) = DistributionHandshake.connecting(
        to: target, as: node.own, challenge: challenge)
      self.handshake = handshake
      firstPacket = packet
    } else {
      handshake = .accepting(as: node.own, challenge: challenge)
      firstPacket = nil
    }
  }

  /// Also the end of a connection that was refused and never became active.
  func handlerRemoved(context: ChannelHandlerContext) {
    leaveDoor()
    established.fail(handshake.closed)
  }

  func channelActive(context: ChannelHandlerContext) {
    self.context = context
    if let firstPacket { write(packet: firstPacket, context) }
    context.eventLoop.assumeIsolated().scheduleTask(
      in: .milliseconds(node.configuration.handshakeTimeout.wholeMilliseconds)
    ) {
      [weak self] in
      guard let self, self.peer == nil else { return }
      self.fail(DistributionHandshakeError.timeout)
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    hasRead = true
    var part = unwrapInboundIn(data)
    buffer.writeBuffer(&part)
    takeAll(context)
  }

  /// Takes what has come, up to a message that another thread has to read.
  private func takeAll(_ context: ChannelHandlerContext) {
    do {
      while !isReadingElsewhere, try takeOne(context) {}
    } catch {
      fail(error)
    }
    if buffer.readableBytes == 0 { buffer.clear() } else { buffer.discardReadBytes() }
  }

  /// True when something was taken.
  private func takeOne(_ context: ChannelHandlerContext) throws -> Bool {
    guard let peer else {
      guard let length = handshakeLength else { return false }
      guard length <= 1_024 else { throw DistributionHandshakeError.malformed("a packet of \(length) bytes") }
      guard buffer.readableBytes >= lengthBytes + length else { return false }
      buffer.moveReaderIndex(forwardBy: lengthBytes)
      try shake(buffer.readBytes(length: length) ?? [], context)
      return true
    }
    guard let length = buffer.getInteger(at: buffer.readerIndex, as: UInt32.self) else { return false }
    guard Int(length) <= node.configuration.maxMessageBytes else {
      throw TermError(reason: .tooLarge(limit: node.configuration.maxMessageBytes), offset: 0)
    }
    guard buffer.readableBytes >= 4 + Int(length) else { return false }
    buffer.moveReaderIndex(forwardBy: 4)
    // An empty message is a tick.
    guard length > 0, let bytes = buffer.readBytes(length: Int(length)) else { return true }
    take(bytes, from: peer, context)
    return true
  }

  private func take(_ bytes: [UInt8], from peer: PeerConnection, _ context: ChannelHandlerContext) {
    guard bytes.count <= MessageCodec.quickBytes else { return readElsewhere(bytes, from: peer, context) }
    do throws(TermError) {
      node.received(try MessageCodec.decode(bytes, MessageCodec.quick), from: peer, bytes: bytes.count)
    } catch {
      // It is small, and becomes large when it is read.
      if error.reason.isSize { return readElsewhere(bytes, from: peer, context) }
      // One message that cannot be understood is no reason to lose the others.
      node.notUnderstood(bytes, error, from: peer)
    }
  }

  /// Reads a large message where it holds up nobody else; the order of a connection's messages stays.
  private func readElsewhere(_ bytes: [UInt8], from peer: PeerConnection, _ context: ChannelHandlerContext) {
    isReadingElsewhere = true
    setReading(false, context)
    let node = node
    node.readers.runIfActive(eventLoop: context.eventLoop) {
      Result { () throws(TermError) in try MessageCodec.decode(bytes, MessageCodec.full) }
    }
    .assumeIsolated().whenComplete { outcome in
      self.isReadingElsewhere = false
      switch outcome {
      case .success(.success(let message)): node.received(message, from: peer, bytes: bytes.count)
      case .success(.failure(let error)): node.notUnderstood(bytes, error, from: peer)
      // The pool has ended, and with it the program.
      case .failure(let error): self.fail(error)
      }
      self.takeAll(context)
      guard !self.isReadingElsewhere else { return }
      if self.isGone { self.end() } else { self.setReading(true, context) }
    }
  }

  private func setReading(_ isOn: Bool, _ context: ChannelHandlerContext) {
    try? context.channel.syncOptions?.setOption(.autoRead, value: isOn)
    if isOn { context.read() }
  }

  private var handshakeLength: Int? {
    let start = buffer.readerIndex
    return lengthBytes == 2
      ? buffer.getInteger(at: start, as: UInt16.self).map(Int.init)
      : buffer.getInteger(at: start, as: UInt32.self).map(Int.init)
  }

  private func shake(_ packet: [UInt8], _ context: ChannelHandlerContext) throws {
    let outputs = try handshake.receive(packet) { name in
      claimed = name
      return node.statusFor(name)
    }
    for output in outputs {
      switch output {
      case .send(let packet): write(packet: packet, context)
      case .done(let found):
        leaveDoor()
        let peer = node.makePeer(found, context.channel)
        self.peer = peer
        node.connected(peer, wasAccepted: !isInitiator)
        established.succeed(peer)
        scheduleTick(context)
      case .refused(let name, let status):
        throw DistributionHandshakeError.notLetIn(name.string, status: status.string)
      }
    }
    context.flush()
  }

  private func leaveDoor() {
    if let ticket { node.leaveDoor(ticket) }
    ticket = nil
  }

  private func write(packet: [UInt8], _ context: ChannelHandlerContext) {
    var bytes = context.channel.allocator.buffer(capacity: packet.count + lengthBytes)
    if lengthBytes == 2 {
      bytes.writeInteger(UInt16(packet.count))
    } else {
      bytes.writeInteger(UInt32(packet.count))
    }
    bytes.writeBytes(packet)
    context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
  }

  /// Four times a tick time: says that we live, and ends a connection over which nothing came for all of it.
  private func scheduleTick(_ context: ChannelHandlerContext) {
    let tickMs = node.configuration.tickTime.wholeMilliseconds
    let quarter = TimeAmount.milliseconds(max(10, tickMs / 4))
    context.eventLoop.assumeIsolated().scheduleTask(in: quarter) { [weak self] in
      guard let self, let context = self.context, self.peer != nil else { return }
      // While we do not read, silence is ours.
      self.silentTicks = self.hasRead || self.isReadingElsewhere ? 0 : self.silentTicks + 1
      self.hasRead = false
      guard self.silentTicks < 4 else {
        self.reason = "nothing came for \(tickMs) ms"
        return context.close(promise: nil)
      }
      var tick = context.channel.allocator.buffer(capacity: 4)
      tick.writeInteger(UInt32(0))
      context.writeAndFlush(self.wrapOutboundOut(tick), promise: nil)
      self.scheduleTick(context)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { fail(error) }

  func channelInactive(context: ChannelHandlerContext) {
    self.context = nil
    leaveDoor()
    // What came before the end is still taken.
    if isReadingElsewhere { isGone = true } else { end() }
  }

  private func end() {
    guard let peer else { return }
    self.peer = nil
    node.disconnected(peer, reason: ByteText(reason))
  }

  private func fail(_ error: any Error) {
    leaveDoor()
    // It ended the connection, and had not read all that we said.
    let isReset = (error as? IOError).map { [ECONNRESET, EPIPE].contains($0.errnoCode) } ?? false
    let isEnded = node.tls?.describe(error) == EncryptionProblem.ended.rawValue
    let error: any Error = (isReset || isEnded) && peer == nil ? handshake.closed : error
    established.fail(error)
    if peer == nil, !isInitiator { node.refused(claimed?.string, on: context?.channel, error) }
    context?.close(promise: nil)
  }
}
