import DequeModule
import GenAPIValue
import NIOCore
import NIOWebSocket

/// What a socket sends: gathers the messages of a turn, and hands them to the channel as one piece. Lives on the
/// channel's event loop.
final class SocketWriter {
  private let limitBytes: Int
  /// What the system has not taken yet, and what was written since that was asked.
  private var bufferedBytes = 0
  /// All that was ever written.
  private var writtenBytes = 0
  /// Messages larger than the bound that the client has not taken yet: where each ends in all that was written.
  private var oversized: Deque<(end: Int, bytes: Int)> = []
  /// What is left of them.
  private var oversizedBytes = 0
  private let mostOversized: Int
  /// Called when much of what waited was taken.
  private var wasTaken: (() -> Void)?
  /// Where a message is made.
  private var json = JSONWriter()
  /// Written, but not yet handed to the channel.
  private var batch = FrameBatch()
  /// Where whole frames go in: behind what would make one of each message.
  private var context: ChannelHandlerContext?
  private var messages: Int64 = 0

  /// - Parameters:
  ///   - limitBytes: of what the client has not taken.
  ///   - mostOversized: messages larger than that by themselves, which are beside it.
  init(limitBytes: Int, mostOversized: Int) {
    self.limitBytes = limitBytes
    self.mostOversized = mostOversized
  }

  func open(on pipeline: ChannelPipeline, wasTaken: @escaping () -> Void) {
    self.wasTaken = wasTaken
    context = try? pipeline.syncOperations.context(handlerType: WebSocketFrameEncoder.self)
  }

  func close() {
    context = nil
    wasTaken = nil
  }

  /// Bytes that wait, without messages that are larger than the bound by themselves: what waits behind those counts.
  var waitingBytes: Int { bufferedBytes - oversizedBytes }

  /// Whether the client takes what it is sent.
  var hasRoom: Bool { waitingBytes < limitBytes && oversized.count <= mostOversized }

  /// Whether so little waits, with what is still to be written, that more may be asked for.
  func mayAskForMore(besides bytes: Int) -> Bool { bufferedBytes + bytes < max(1, limitBytes / 2) }

  /// All that the client, or the system for it, has taken.
  var takenBytes: Int { writtenBytes - bufferedBytes }

  var isEmpty: Bool { bufferedBytes == 0 }

  /// Whether there is room for the answer to a ping, which leaves half of it to messages.
  var hasRoomForPong: Bool { waitingBytes < limitBytes / 2 }

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
    let size = FrameBatch.size(ofPayload: payload.count)
    bufferedBytes += size
    writtenBytes += size
    if payload.count > limitBytes {
      oversized.append((end: writtenBytes, bytes: size))
      oversizedBytes += size
    }
    batch.append(opcode, payload)
  }

  /// Hands what was written to the channel, before a control frame of so many bytes that goes its own way.
  func handOn(beforeBytes count: Int = 0) {
    let size = count == 0 ? 0 : FrameBatch.size(ofPayload: count)
    bufferedBytes += size
    writtenBytes += size
    guard let context, !batch.isEmpty else { return }
    context.write(NIOAny(batch.take()), promise: promise(context))
  }

  /// Hands what was written to the channel, to be sent now.
  func flush() {
    guard let context, !batch.isEmpty else { return }
    let bytes = batch.take()
    context.writeAndFlush(NIOAny(bytes), promise: promise(context))
    batch.reuse(bytes)
  }

  /// To know when it was taken, where so much waits that others wait for that.
  private func promise(_ context: ChannelHandlerContext) -> EventLoopPromise<Void>? {
    guard !mayAskForMore(besides: 0) else { return nil }
    let end = writtenBytes
    let written = context.eventLoop.makePromise(of: Void.self)
    written.futureResult.assumeIsolated().whenSuccess { [self] in
      measure()
      forgetTaken(upTo: end)
      wasTaken?()
    }
    return written
  }

  /// Asks how much was written and not yet taken by the system; what is written from now on adds to it.
  func measure() {
    guard let options = context?.channel.syncOptions else { return }
    bufferedBytes = ((try? options.getOption(.bufferedWritableBytes)) ?? 0) + batch.bytes.readableBytes
    if !oversized.isEmpty { forgetTaken(upTo: takenBytes) }
  }

  /// Messages larger than the bound count no more once they were taken.
  private func forgetTaken(upTo taken: Int) {
    while let first = oversized.first, first.end <= taken || bufferedBytes == 0 { oversized.removeFirst() }
    oversizedBytes = oversized.reduce(0) { $0 + min($1.bytes, max(0, $1.end - taken)) }
  }

  /// The messages written since this was asked.
  func takeCount() -> Int64 {
    defer { messages = 0 }
    return messages
  }
}
