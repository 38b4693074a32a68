import NIOCore

/// A load generator's end of one socket: reads frames where they lie and gathers what is sent until it is flushed.
final class LoadSocket: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  /// Messages that go out together at most: the server may begin with the first of many.
  private static let mostTogether = 8

  private let client: LoadClient
  private let frames: ServerFrames
  private var context: ChannelHandlerContext?
  /// What came of a frame that has not come whole.
  private var partial = ByteBuffer()
  /// The parts of a message so far.
  private var parts = ByteBuffer()
  private var outgoing = ByteBuffer()
  private var gathered = 0
  private var isReading = false
  /// Why it ends, as it was known first: what goes wrong while it ends is no reason.
  private var reason: String?

  init(_ client: LoadClient) {
    self.client = client
    frames = ServerFrames(maxBytes: client.maxMessageBytes)
  }

  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    client.opened(self)
  }

  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  // MARK: Sending

  /// Adds a frame to what goes out next.
  func write(_ frame: (inout ByteBuffer) -> Void) {
    frame(&outgoing)
    gathered += 1
    if gathered >= Self.mostTogether { flushNow() }
  }

  /// Sends what was gathered; while bytes are read, that is at their end.
  func flush() { if !isReading { flushNow() } }

  private func flushNow() {
    guard gathered > 0, let context else { return }
    gathered = 0
    context.writeAndFlush(wrapOutboundOut(outgoing), promise: nil)
    outgoing.clear()
  }

  // MARK: Receiving

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    isReading = true
    var bytes = unwrapInboundIn(data)
    if partial.readableBytes > 0 {
      partial.writeBuffer(&bytes)
      swap(&partial, &bytes)
      partial.clear()
    }
    let used = bytes.withUnsafeReadableBytes { take($0) }
    bytes.moveReaderIndex(forwardBy: used)
    if bytes.readableBytes > 0 { partial.writeBuffer(&bytes) }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    isReading = false
    flushNow()
  }

  /// How many bytes the frames had that came whole.
  private func take(_ bytes: UnsafeRawBufferPointer) -> Int {
    var position = 0
    while context != nil {
      switch frames.next(UnsafeRawBufferPointer(rebasing: bytes[position...])) {
      case .incomplete: return position
      case .fault(let fault):
        end(fault)
        return bytes.count
      case .frame(let opcode, let isLast, let payload, let size):
        position += size
        take(opcode, isLast, payload)
      }
    }
    return bytes.count
  }

  private func take(_ opcode: ServerFrames.Opcode, _ isLast: Bool, _ payload: UnsafeRawBufferPointer) {
    switch opcode {
    case .text where isLast: client.took(payload, self)
    case .text, .continuation:
      guard parts.readableBytes + payload.count <= frames.maxBytes else { return end(frames.tooLarge) }
      parts.writeBytes(payload)
      guard isLast else { return }
      let whole = parts
      parts = ByteBuffer()
      whole.withUnsafeReadableBytes { client.took($0, self) }
    case .ping:
      write { buffer in
        ClientFrame.write(.pong, count: payload.count, mask: client.nextMask(), to: &buffer) {
          $0.copyBytes(from: payload)
          return payload.count
        }
      }
    case .close:
      answerClose(payload)
      end(ServerFrames.closeReason(payload))
    case .binary, .pong, .unknown: break
    }
  }

  // MARK: Ending

  func end(_ reason: String) {
    self.reason = self.reason ?? reason
    context?.close(promise: nil)
  }

  /// Closes as a client does that has all it wanted.
  func sayGoodbye() {
    guard let context else { return }
    // 1000: a normal end.
    writeClose([0x03, 0xE8])
    context.close(promise: nil)
  }

  /// Closes as the server did, which waits for that.
  private func answerClose(_ payload: UnsafeRawBufferPointer) { writeClose(Array(payload.prefix(2))) }

  private func writeClose(_ code: [UInt8]) {
    write { buffer in
      ClientFrame.write(.close, count: code.count, mask: client.nextMask(), to: &buffer) {
        $0.copyBytes(from: code)
        return code.count
      }
    }
    flushNow()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    reason = reason ?? client.words(error)
    context.close(promise: nil)
  }

  func channelInactive(context: ChannelHandlerContext) {
    self.context = nil
    client.lost(self, reason ?? "the server ended the connection")
  }
}
