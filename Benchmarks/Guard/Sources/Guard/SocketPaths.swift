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
    let answer: Value = ["request_id": "req_1", "result": ["name": "Ada"]]
    let encoder = MessageEncoder(version: .two)
    // As a socket answers: into memory that it keeps.
    var json = JSONWriter()
    return { _ in
      json.restart()
      encoder.write(
        joinRef: message.joinRef, ref: message.ref, topic: message.topic, event: "phx_reply", to: &json
      ) { $0.value(answer) }
    }
  }
}
