import GenAPIValue
import NIOHTTP1

/// Answers the clients that ask for Phoenix's long polling, which is not served: those of phoenix.js with
/// `longPollFallbackMs`, after a WebSocket that they could not open.
///
/// Such a client asks for nothing else until its page is loaded again, or its program puts the transport back; nothing that a
/// server says makes it. So it is answered at once, also across origins, in the form that makes it close and tell its program
/// (`onError`), and not with what it would take for a poll that goes on.
enum LongPollRoute {
  /// `/socket/longpoll` for `/socket/websocket`; nil for a path of another form, to which no such client comes.
  static func path(besides path: ByteText) -> ByteText? {
    guard path.hasSuffix("/websocket") else { return nil }
    return path.prefix(bytes: path.byteCount - "websocket".utf8.count) + "longpoll"
  }

  /// What any request there gets, whatever its method: a page would read no other answer as one.
  static func answer(to method: HTTPMethod) -> HTTPAnswer { method == .OPTIONS ? preflight : answer }

  private static let answer: HTTPAnswer = {
    // phoenix.js looks at the body's status alone. 0 is a request that failed.
    let body: Value = ["status": 0, "error": "there is no long polling here: connect with a WebSocket"]
    var answer = HTTPAnswer(status: 404, contentType: "application/json", body: body.jsonBytes + [10])
    // A page of any origin may read that there is nothing here, and is told before it sends a token in a header of its own.
    answer.headers = [
      ("access-control-allow-origin", "*"),
      ("access-control-allow-methods", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"),
      ("access-control-allow-headers", "*"), ("access-control-max-age", "86400"),
    ]
    return answer
  }()

  /// A browser asks so first; it goes on only after a status of success.
  private static let preflight: HTTPAnswer = {
    var answer = Self.answer
    answer.status = 204
    answer.content.clear()
    return answer
  }()
}
