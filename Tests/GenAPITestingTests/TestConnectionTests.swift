import Foundation
import GenAPITesting
import Testing

@Suite("What tests of a gateway are made of")
struct TestConnectionTests {
  private func gateway() throws -> Gateway {
    let gateway = try Gateway(configuration: GatewayConfiguration(node: "test"))
    try gateway.register(
      ServiceEndpoints("svc") {
        Endpoint("echo", Argument("text", String.self)) { $0 }
        Endpoint(performing: "silent") {}.unanswered
        Endpoint(performing: "later") {}.asynchronous
        Endpoint("no") { () async throws -> Int in throw FunctionError("sold out", isForClient: true) }
        Endpoint(streaming: "broken") { stream in
          await stream.send(1)
          throw FunctionError("lost", isForClient: true)
        }
        Endpoint(streaming: "empty") { _ in }
        Endpoint(streaming: "last") { stream in stream.last("end") }
      })
    return gateway
  }

  @Test("a request that fails is thrown as what its client reads")
  func failures() async throws {
    let gateway = try gateway()
    await #expect(throws: ResponseError(message: "sold out")) {
      try await gateway.call("svc", "no", as: Int.self)
    }
    await #expect(throws: ResponseError.self) { try await gateway.call("svc", "nothing", as: Int.self) }
    await #expect(throws: DecodingError.self) {
      try await gateway.call("svc", "echo", ["text": "a"], as: Int.self)
    }
    await #expect(throws: ResponseError.self) { try await gateway.parts("svc", "broken", as: Int.self) }
    await #expect(throws: ResponseError.self) { try await gateway.parts("svc", "nothing", as: Int.self) }
  }

  @Test("functions without a result, without an answer and with an empty stream end the wait")
  func nothing() async throws {
    let gateway = try gateway()
    #expect(await gateway.response("svc", "silent").result == .null)
    #expect(try await gateway.parts("svc", "empty", as: Int.self) == [])
    #expect(try await gateway.parts("svc", "last", as: String.self) == ["end"])
  }

  @Test("several may wait for one inbox")
  func waiting() async throws {
    let gateway = try gateway()
    let connection = gateway.connect()
    async let two = connection.received(2)
    async let one = connection.received(1)
    for text in ["a", "b"] as [Value] { await gateway.send("svc", "echo", ["text": text], from: connection) }
    #expect(await one.count >= 1)
    #expect(await two.map(\.result) == ["a", "b"])
    #expect(await connection.next().result == "a")
    #expect(await connection.next().result == "b")
  }

  @Test("a client that is gone is known to nobody")
  func gone() async throws {
    let gateway = try gateway()
    let connection = gateway.connect(as: ClientIdentity(userID: "ann"))
    #expect(gateway.currentState().sockets.open == 1)
    gateway.disconnect(connection)
    #expect(gateway.currentState().sockets.open == 0)
  }

  private static let root = URL(fileURLWithPath: #filePath).appendingPathComponent("../../..").standardized

  @Test("every block of Swift in the article is a sample that these tests compile and run")
  func article() throws {
    let source = try String(
      contentsOf: Self.root.appendingPathComponent("Tests/GenAPITestingTests/TestingSamples.swift"),
      encoding: .utf8)
    let samples = source.components(separatedBy: "    // sample: ").dropFirst().map { part in
      part.components(separatedBy: "\n    // end")[0].components(separatedBy: "\n").dropFirst()
        .map { $0.hasPrefix("    ") ? String($0.dropFirst(4)) : $0 }.joined(separator: "\n")
    }
    let article = try String(
      contentsOf: Self.root.appendingPathComponent(
        "Sources/GenAPITesting/GenAPITesting.docc/GenAPITesting.md"),
      encoding: .utf8)
    let blocks = article.components(separatedBy: "```swift\n").dropFirst().map {
      $0.components(separatedBy: "\n```")[0]
    }
    #expect(blocks.count >= 6)
    for block in blocks { #expect(samples.contains(block), "\(block)") }
  }
}
