import DequeModule
import GenAPIGateway
import GenAPIValue

/// The calls of a socket that wait because as many run as may: so many messages and bytes, then the socket is not read.
struct WaitingCalls {
  struct Call {
    let channel: JoinedTopic
    let requestID: ByteText?
    /// Of its frame.
    let bytes: Int
    /// The message, without its payload where that is packed.
    fileprivate let envelope: PhoenixMessage
    /// The payload as JSON; nil while it stands in the envelope.
    private let packed: [UInt8]?

    /// A value takes up to forty times the memory of its text, so a large one waits as text.
    private static let largest = 4_096

    init(_ message: PhoenixMessage, on channel: JoinedTopic, bytes: Int) {
      self.channel = channel
      self.bytes = bytes
      guard case .json(let payload) = message.payload else {
        envelope = message
        packed = nil
        requestID = nil
        return
      }
      requestID = Request.identifier(payload["request_id"])?.text
      guard bytes > Self.largest else {
        envelope = message
        packed = nil
        return
      }
      packed = payload.jsonBytes
      var envelope = message
      envelope.payload = .json(.null)
      self.envelope = envelope
    }

    /// As it was read.
    var message: PhoenixMessage {
      guard let packed, let payload = try? Value(json: packed, maxDepth: JSONReader.deepestMaxDepth) else {
        return envelope
      }
      var message = envelope
      message.payload = .json(payload)
      return message
    }
  }

  private var calls: Deque<Call> = []
  private var bytes = 0

  /// More than any client has a use for; a socket may go over it by what one read brings.
  private static let most = 1_024

  var isEmpty: Bool { calls.isEmpty }

  /// - Parameter limit: of the frames that wait.
  func hasRoom(bytes limit: Int) -> Bool { calls.count < Self.most && bytes < limit }

  mutating func append(_ message: PhoenixMessage, on channel: JoinedTopic, bytes: Int) {
    calls.append(Call(message, on: channel, bytes: bytes))
    self.bytes += bytes
  }

  mutating func popFirst() -> Call? {
    guard let call = calls.popFirst() else { return nil }
    bytes -= call.bytes
    return call
  }

  /// Those of a channel that ends, to be told so: large ones without their payload.
  mutating func removeAll(of channel: JoinedTopic) -> [PhoenixMessage] {
    guard !calls.isEmpty else { return [] }
    var gone: [PhoenixMessage] = []
    calls.removeAll { call in
      guard call.channel == channel else { return false }
      bytes -= call.bytes
      gone.append(call.envelope)
      return true
    }
    return gone
  }

  /// The first call with this id.
  mutating func removeFirst(on channel: JoinedTopic, requestID: ByteText) {
    guard let index = index(channel, requestID) else { return }
    bytes -= calls.remove(at: index).bytes
  }

  func first(on channel: JoinedTopic, requestID: ByteText) -> PhoenixMessage? {
    index(channel, requestID).map { calls[$0].message }
  }

  private func index(_ channel: JoinedTopic, _ requestID: ByteText) -> Int? {
    calls.firstIndex { $0.channel == channel && $0.requestID == requestID }
  }
}
