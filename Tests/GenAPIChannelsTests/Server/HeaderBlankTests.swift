import GenAPIGateway
import GenAPIValue
import Locking
import NIOCore
import NIOEmbedded
import NIOHTTP1
import NetworkAddress
import Testing

@testable import GenAPIChannels

@Suite("Blanks around a header's value (RFC 9110, section 5.5)")
struct HeaderBlankTests {
  private static let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
  private static let headers = [
    ("Host", "localhost"), ("Upgrade", "websocket"), ("Connection", "keep-alive, Upgrade"),
    ("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ("Sec-WebSocket-Protocol", "phoenix, base64url.bearer.phx.c2VjcmV0"), ("Content-Length", "0"),
    ("Origin", "http://localhost"), ("traceparent", trace), ("X-Forwarded-For", "6.6.6.6, 203.0.113.7"),
    ("Forwarded", "for=203.0.113.7"), ("Authorization", "Bearer token"), ("X-Own", "a b"),
  ]

  /// What the authenticator, which refuses everybody, was asked; nil and the answer when it was not asked at all.
  private func ask(
    _ headers: [(String, String)], forwardedIn: TrustedProxies.Header = .xForwardedFor
  ) async throws -> (request: ConnectRequest?, answer: String) {
    let seen = Mutex<ConnectRequest?>(nil)
    let fixture = try await ServerFixture(
      { $0.proxies = TrustedProxies([AddressBlock("127.0.0.0/8")!], header: forwardedIn) },
      authenticator: CustomAuthenticator { request in
        seen.withLock { $0 = request }
        throw AuthenticationRefused("nobody")
      })
    // The parser itself takes no tab behind the digits of a length.
    let fields = headers.map { name, value in
      "\(name):" + (name == "Content-Length" ? String(value.map { $0 == "\t" ? " " : $0 }) : value)
    }
    let lines = ["GET /socket/websocket?vsn=2.0.0 HTTP/1.1"] + fields
    let answer = try await RawExchange.answer(
      to: lines.joined(separator: "\r\n") + "\r\n\r\n", port: fixture.port)
    await fixture.server.stop()
    return (seen.withLock { $0 }, answer)
  }

  @Test(
    "they change nothing, whichever header has them and however many",
    arguments: [" ", " \t ", String(repeating: "\t ", count: 100)])
  func blanks(_ blank: String) async throws {
    for header in [TrustedProxies.Header.xForwardedFor, .forwarded] {
      let plain = try await ask(Self.headers, forwardedIn: header)
      let padded = try await ask(Self.headers.map { ($0, blank + $1 + blank) }, forwardedIn: header)
      #expect(padded.request != nil && padded.request == plain.request, "\(padded.answer)")
      #expect(padded.request?.remoteAddress == "203.0.113.7" && padded.request?.bearerToken == "secret")
      #expect(padded.request?.headers["traceparent"] == ByteText(Self.trace))
      #expect(padded.request?.headers["x-own"] == "a b")
    }
  }

  @Test("each header alone is read without them", arguments: headers.indices)
  func one(_ index: Int) async throws {
    var headers = Self.headers
    headers[index].1 += " \t"
    let padded = try await ask(headers)
    #expect(padded.request != nil, "\(headers[index].0): \(padded.answer)")
    #expect(padded.request?.headers[ByteText(headers[index].0.lowercased())]?.utf8.last != UInt8(ascii: "\t"))
  }

  @Test("a token has one space or more before it")
  func bearer() {
    for text in ["Bearer t", "bearer   t"] {
      #expect(ConnectRequest(headers: ["authorization": ByteText(text)]).token == "t")
    }
  }

  @Test("only spaces and tabs at the ends are taken away; a value of nothing else is empty")
  func values() {
    let headers: HTTPHeaders = ["a": " \t x\ty \t", "b": "\u{B}z\u{A0}", "c": " \t ", "d": ""]
    #expect(headers.withoutBlanks.map(\.value) == ["x\ty", "\u{B}z\u{A0}", "", ""])
    #expect(headers.withoutBlanks.map(\.name) == ["a", "b", "c", "d"])
  }

  @Test("the client reads a server's answer without them, and then what comes is passed on as it is")
  func answer() throws {
    let channel = EmbeddedChannel(handler: FirstHead.ofResponse())
    let head = HTTPResponseHead(
      version: .http1_1, status: .switchingProtocols, headers: ["sec-websocket-accept": "x= \t"])
    try channel.writeInbound(HTTPClientResponsePart.head(head))
    guard case .head(let passed) = try channel.readInbound(as: HTTPClientResponsePart.self) else {
      Issue.record("there is no head")
      return
    }
    #expect(passed.headers["sec-websocket-accept"] == ["x="])
    try channel.writeInbound(ByteBuffer(string: "frame"))
    #expect(try channel.readInbound(as: ByteBuffer.self) == ByteBuffer(string: "frame"))
    #expect(try channel.finish().isClean)
  }
}
