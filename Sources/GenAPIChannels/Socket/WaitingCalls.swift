import DequeModule
import GenAPIGateway
import GenAPIValue

/// The calls of a socket that wait because as many run as may: so many messages and bytes, then the socket is not read.
struct WaitingCalls {
  struct Call {
    let message: ChannelMessage
    let channel: ChannelSession.Channel
    /// Of its frame.
    let bytes: Int
  }

  private var calls: Deque<Call> = []
  private var bytes = 0

  /// More than any client has a use for; a socket may go over it by what one read brings.
  private static let most = 1_024

  var isEmpty: Bool { calls.isEmpty }

  /// - Parameter limit: of the frames that wait.
  func hasRoom(bytes limit: Int) -> Bool { calls.count < Self.most && bytes < limit }

  mutating func append(_ message: ChannelMessage, on channel: ChannelSession.Channel, bytes: Int) {
    calls.append(Call(message: message, channel: channel, bytes: bytes))
    self.bytes += bytes
  }

  mutating func popFirst() -> Call? {
    guard let call = calls.popFirst() else { return nil }
    bytes -= call.bytes
    return call
  }

  /// Those of a channel that ends.
  mutating func removeAll(of channel: ChannelSession.Channel) -> [ChannelMessage] {
    remove { $0.channel == channel }
  }

  /// The first call with this id.
  mutating func removeFirst(on channel: ChannelSession.Channel, requestID: ByteText) -> ChannelMessage? {
    guard let index = index(channel, requestID) else { return nil }
    let call = calls.remove(at: index)
    bytes -= call.bytes
    return call.message
  }

  func first(on channel: ChannelSession.Channel, requestID: ByteText) -> ChannelMessage? {
    index(channel, requestID).map { calls[$0].message }
  }

  private func index(_ channel: ChannelSession.Channel, _ requestID: ByteText) -> Int? {
    calls.firstIndex { call in
      guard call.channel == channel, case .json(let payload) = call.message.payload else { return false }
      return Request.identifier(payload["request_id"])?.text == requestID
    }
  }

  private mutating func remove(where isGone: (Call) -> Bool) -> [ChannelMessage] {
    guard !calls.isEmpty else { return [] }
    var gone: [ChannelMessage] = []
    calls.removeAll { call in
      guard isGone(call) else { return false }
      bytes -= call.bytes
      gone.append(call.message)
      return true
    }
    return gone
  }
}
