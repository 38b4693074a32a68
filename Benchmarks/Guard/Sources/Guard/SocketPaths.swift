import ChannelMessages
import GenAPIValue

/// A client's message and its answer, as a WebSocket carries them.
enum SocketPaths {
  static let all = [read, written]

  private static let text = Array(
    #"["1","7","api:lobby","request",{"service":"user_service","request_type":"get_user","args":{"user_id":"u_17"}}]"#
      .utf8)

  private static let read = HotPath("a WebSocket message read") {
    let decoder = MessageDecoder(version: .two)
    return { _ in _ = try decoder.decode(text: text) }
  }

  private static let written = HotPath("a WebSocket message written") {
    let message = try MessageDecoder(version: .two).decode(text: text)
    let answer = ChannelMessage.reply(
      to: message, joinRef: "1", status: .ok, response: ["request_id": "req_1", "result": ["name": "Ada"]])
    let encoder = MessageEncoder(version: .two)
    return { _ in _ = encoder.encode(answer) }
  }
}
