import Foundation
import GenAPIChannels
import GenAPIGateway
import GenAPIStream
import GenAPIValue
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
    #expect(blocks == [sample])
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
    serving.cancel()
    _ = await serving.result
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
