import GenAPIValue
import NIOCore
import NIOWebSocket

/// What a socket sends: gathers the messages of a turn, and hands them to the channel as one piece. Lives on the
/// channel's event loop.
final class SocketWriter {
  private let limitBytes: Int
  /// What the system has not taken yet, and what was written since that was asked.
  private var bufferedBytes = 0
  /// Where a message is made.
  private var json = JSONWriter()
  /// Written, but not yet handed to the channel.
  private var batch = FrameBatch()
  /// Where whole frames go in: behind what would make one of each message.
  private var context: ChannelHandlerContext?
  private var messages: Int64 = 0

  /// - Parameter limitBytes: of what the client has not taken.
  init(limitBytes: Int) { self.limitBytes = limitBytes }

  func open(on pipeline: ChannelPipeline) {
    context = try? pipeline.syncOperations.context(handlerType: WebSocketFrameEncoder.self)
  }

  func close() { context = nil }

  /// Whether the client takes what it is sent.
  var hasRoom: Bool { bufferedBytes < limitBytes }

  /// Whether there is room for the answer to a ping, which leaves half of it to messages.
  var hasRoomForPong: Bool { bufferedBytes < limitBytes / 2 }

  func write(_ frame: MessageEncoder.Frame) {
    switch frame {
    case .text(let bytes): bytes.withUnsafeBytes { append(.text, $0) }
    case .binary(let bytes): bytes.withUnsafeBytes { append(.binary, $0) }
    }
  }

  func write(making message: (inout JSONWriter) -> Void) {
    json.restart(keepingAtMost: FrameBatch.keptCapacity)
    message(&json)
    json.withBytes { append(.text, $0) }
  }

  private func append(_ opcode: WebSocketOpcode, _ payload: UnsafeRawBufferPointer) {
    messages += 1
    bufferedBytes += payload.count
    batch.append(opcode, payload)
  }

  /// Hands what was written to the channel, before a control frame of so many bytes that goes its own way.
  func handOn(beforeBytes count: Int = 0) {
    bufferedBytes += count
    guard let context, !batch.isEmpty else { return }
    context.write(NIOAny(batch.take()), promise: nil)
  }

  /// Hands what was written to the channel, to be sent now.
  func flush() {
    guard let context, !batch.isEmpty else { return }
    let bytes = batch.take()
    context.writeAndFlush(NIOAny(bytes), promise: nil)
    batch.reuse(bytes)
  }

  /// Asks how much was written and not yet taken by the system; what is written from now on adds to it.
  func measure() {
    guard let options = context?.channel.syncOptions else { return }
    bufferedBytes = (try? options.getOption(.bufferedWritableBytes)) ?? 0
  }

  /// The messages written since this was asked.
  func takeCount() -> Int64 {
    defer { messages = 0 }
    return messages
  }
}
