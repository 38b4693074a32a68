import Foundation
import GenAPIValue
import NIOHTTP1

/// What RFC 9112 and RFC 6455 demand of a request before anything else is looked at.
enum HTTPRules {
  /// What is wrong with any request; nil when nothing is.
  static func fault(_ head: HTTPRequestHead) -> HTTPAnswer? {
    let hosts = head.headers["host"]
    // RFC 9112, section 3.2. An empty one is allowed there, for targets without an authority; no client of ours has one.
    if hosts.count > 1 { return bad("there is more than one Host") }
    if hosts.isEmpty, head.version.minor > 0 { return bad("there is no Host") }
    if let host = hosts.first, !HostName.isWellFormed(host) { return bad("the Host is malformed") }
    if head.headers["origin"].count > 1 { return bad("there is more than one Origin") }
    guard RequestTarget(ByteText(head.uri)).isUnderstood else {
      return bad("the request's target is malformed")
    }
    return nil
  }

  /// What is wrong with a request for a socket: RFC 6455, section 4.2.1.
  static func upgradeFault(_ head: HTTPRequestHead) -> HTTPAnswer? {
    guard head.method == .GET else { return socketNeedsGET }
    guard head.version.major == 1, head.version.minor >= 1 else {
      return bad("a WebSocket needs HTTP/1.1")
    }
    guard has("websocket", in: "upgrade", head), has("upgrade", in: "connection", head) else {
      var answer = HTTPAnswer(status: 426, text: "this path needs a WebSocket upgrade")
      answer.headers = [("upgrade", "websocket"), ("sec-websocket-version", "13")]
      return answer
    }
    let versions = head.headers["sec-websocket-version"]
    guard versions == ["13"] else {
      var answer = HTTPAnswer(
        status: versions.count > 1 ? 400 : 426, text: "Sec-WebSocket-Version must be 13, once")
      answer.headers = [("sec-websocket-version", "13")]
      return answer
    }
    let keys = head.headers["sec-websocket-key"]
    guard keys.count == 1, isKey(keys[0]) else {
      return bad("Sec-WebSocket-Key must be 16 bytes in base64, once")
    }
    guard head.headers["transfer-encoding"].isEmpty,
      head.headers["content-length"].allSatisfy({ $0 == "0" })
    else { return bad("a request for a WebSocket has no body") }
    return nil
  }

  static let allowedMethods = "GET, HEAD, OPTIONS"

  static let methodNotAllowed: HTTPAnswer = {
    var answer = HTTPAnswer(status: 405, text: "use GET, HEAD or OPTIONS")
    answer.headers = [("allow", allowedMethods)]
    return answer
  }()

  private static let socketNeedsGET: HTTPAnswer = {
    var answer = HTTPAnswer(status: 405, text: "use GET for a WebSocket")
    answer.headers = [("allow", "GET")]
    return answer
  }()

  static let commandNeedsPost: HTTPAnswer = {
    var answer = HTTPAnswer(status: 405, text: "use POST for a command")
    answer.headers = [("allow", "POST")]
    return answer
  }()

  private static func bad(_ text: String) -> HTTPAnswer { HTTPAnswer(status: 400, text: text) }

  private static func has(_ token: String, in name: String, _ head: HTTPRequestHead) -> Bool {
    head.headers[canonicalForm: name].contains { $0.lowercased() == token }
  }

  /// 16 bytes in base64 are 24 characters, the last two of them padding (RFC 4648, section 4).
  private static func isKey(_ text: String) -> Bool {
    guard let bytes = Data(base64Encoded: text) else { return false }
    return bytes.count == 16 && bytes.base64EncodedString() == text
  }
}
