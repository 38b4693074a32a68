import TestWaiting
import Testing

@testable import ErlangNode

@Suite("Another cookie while nodes are connected")
struct CookieRotationTests {
  @Test("who is connected stays; who connects from now on needs the new one")
  func rotation() async throws {
    let pair = try await SwiftPair()
    let (first, second) = (pair.first, pair.second)
    second.register("test", "ping") { _ in .atom("pong") }
    try await first.connect(to: second.name)
    try second.replaceCookie(Cookie("another"))
    #expect(try await first.call(second.name, "test", "ping", [], timeout: nil) == .atom("pong"))
    first.disconnect(from: second.name)
    try await eventually { first.nodes.isEmpty && second.nodes.isEmpty }
    await #expect(throws: (any Error).self) { try await first.connect(to: second.name) }
    #expect(second.statistics.handshakesRefused == 1)
    try first.replaceCookie(Cookie("another"))
    try await first.connect(to: second.name)
    #expect(try await first.call(second.name, "test", "ping", [], timeout: nil) == .atom("pong"))
    await pair.end()
  }
}
