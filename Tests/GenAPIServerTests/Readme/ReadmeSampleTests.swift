import Foundation
import GenAPI
import GenAPIChannels
import GenAPIGateway
import GenAPIJWKS
import GenAPIStream
import GenAPITesting
import GenAPITokens
import GenAPIValue
import TestExtremes
import TestSigners
import Testing

@Suite("The README's sample")
struct ReadmeSampleTests {
  private static let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

  @Test("is the code that is compiled here, with all its imports")
  func compiled() throws {
    let readme = try String(
      contentsOf: Self.here.appendingPathComponent("../../../README.md").standardized, encoding: .utf8)
    let sample = try String(
      contentsOf: Self.here.appendingPathComponent("ReadmeSample.swift"), encoding: .utf8)
    let blocks = readme.components(separatedBy: "```swift\n").dropFirst().map { block in
      block.components(separatedBy: "```")[0]
    }
    let calls = try String(
      contentsOf: Self.here.appendingPathComponent("ReadmeSampleTests.swift"), encoding: .utf8
    ).components(separatedBy: "    // sample: in README\n").dropFirst().map { part in
      part.components(separatedBy: "    // end\n")[0].split(separator: "\n").map { $0.dropFirst(4) + "\n" }
        .joined()
    }
    #expect(blocks == [sample] + calls)
    #expect(calls.count == 1)
  }

  @Test("every piece of Swift within its sentences is compiled here word for word")
  func inline() throws {
    let readme = try String(
      contentsOf: Self.here.appendingPathComponent("../../../README.md").standardized, encoding: .utf8)
    let prose = readme.components(separatedBy: "```").enumerated().filter { $0.offset % 2 == 0 }.map(
      \.element
    )
    .joined()
    let pieces = prose.components(separatedBy: "`").enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
      .filter { $0.hasPrefix("try ") || $0.hasPrefix("gateway.") && $0.contains("(") }
    let source = try String(
      contentsOf: Self.here.appendingPathComponent("ReadmeSampleTests.swift"), encoding: .utf8)
    for piece in pieces { #expect(source.contains(" " + piece + "\n"), "\(piece)") }
    #expect(pieces.count >= 3)
  }

  @Test("a test's call is let in by what it says of who calls, and what the sentences name is there")
  func called() async throws {
    let gateway = try makeGateway([User(id: "u_1", name: "Alice")])
    // sample: in README
    let ann = ClientIdentity(userID: "ann")
    let user = try await gateway.call("user_service", "get_user", ["user_id": "u_1"], as: User.self, by: ann)
    // end
    #expect(user.name == "Alice")
    #expect(
      await gateway.response("user_service", "get_user", ["user_id": "u_1"]).error == "Permission denied")
    let (identity, connection) = (ann, gateway.connect(as: ann))
    let payload: Value = [
      "service": "user_service", "request_type": "get_user", "request_id": "1", "args": ["user_id": "u_1"],
    ]
    let receipt = await gateway.handle(payload, from: identity, on: connection)
    #expect(try await connection.next().result == ["id": "u_1", "name": "Alice"])
    let request = try Request.decode(payload, from: .anonymous)
    let response = await gateway.execute(request)
    #expect(response?.error == "Permission denied")
    let text = TestSigner.set(.rsa)
    let authenticator =
      try JWTAuthenticator(keys: [WebKeySet(json: text)])
    _ = (receipt, authenticator, main)
  }

  @Test("answers a call while it serves, and tells a stranger nothing")
  func served() async throws {
    let gateway = try makeGateway([User(id: "u_1", name: "Alice"), User(id: "u_2", name: "Bob")])
    var telemetry = StreamExporterConfiguration()
    telemetry.addresses = [.tcp(host: "127.0.0.1", port: 0)]
    var sockets = PhoenixServerConfiguration()
    sockets.port = 0
    let (stream, listening) = (telemetry, sockets)
    let serving = Task {
      try await serve(gateway, secret: "sixteen bytes at least", telemetry: stream, sockets: listening)
    }
    func ask(_ type: ByteText, _ args: OrderedDictionary<ByteText, Value>, user: ByteText?) async -> Value? {
      await gateway.execute(
        Request(service: "user_service", requestType: type, requestID: "1", args: args, userID: user))?.result
    }
    let found = await ask("get_user", ["user_id": "u_1"], user: "u_1")
    #expect(found == ["id": "u_1", "name": "Alice"])
    let matching = await ask("search", ["text": "o"], user: nil)
    #expect(matching == [["id": "u_2", "name": "Bob"]])
    let refused = await ask("get_user", ["user_id": "u_1"], user: nil)
    #expect(refused == nil || refused == .null)
    // Its handler prints every event.
    gateway.bus.detach("my-app")
    #expect(await gateway.callWithExtremes() > 10)
    serving.cancel()
    _ = await serving.result
  }

  /// `main.swift` in docs/products.md; it would serve until it is told to end.
  private func main() async throws {
    // sample: in docs/products.md
    await runProgram {
      let gateway = try makeGateway([User(id: "u_1", name: "Alice")])
      try await serve(gateway, secret: "the secret that tokens are signed with")
    }
    // end
  }

  @Test("ends at SIGTERM: subscribers get their bye, and nothing is called any more", .timeLimit(.minutes(5)))
  func terminated() async throws {
    let gateway = try makeGateway([User(id: "u_1", name: "Alice")])
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("readme-\(getpid()).sock").path
    var sockets = PhoenixServerConfiguration()
    sockets.port = 0
    let (stream, listening) = (StreamExporterConfiguration(addresses: [.unix(path: path)]), sockets)
    let serving = Task {
      try await serve(gateway, secret: "sixteen bytes at least", telemetry: stream, sockets: listening)
    }
    let subscriber = StreamSubscriber(target: try StreamTarget(parsing: "unix:\(path)"))
    subscriber.start()
    var reason: ByteText?
    for await event in subscriber.events {
      // The group has set its signals up before it starts what listens.
      if case .frame(.snapshot) = event { kill(getpid(), SIGTERM) }
      if case .closed(let told) = event {
        reason = told
        break
      }
    }
    #expect(reason == "the gateway shuts down")
    await subscriber.stop()
    try await serving.value
    let request = Request(
      service: "user_service", requestType: "get_user", requestID: "1", args: ["user_id": "u_1"],
      userID: "u_1")
    #expect(await gateway.execute(request)?.canRetry == true)
  }
}
