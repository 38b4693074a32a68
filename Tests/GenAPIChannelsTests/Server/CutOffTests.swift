import Foundation
import GenAPIGateway
import GenAPITesting
import GenAPIValue
import Locking
import NIOCore
import NIOPosix
import TestWaiting
import Testing

@testable import GenAPIChannels

@Suite("Requests that are cut off, and clients that come while a server shuts down")
struct CutOffTests {
  private static let upgrade =
    "GET /socket/websocket?vsn=2.0.0 HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n"
    + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"

  /// What a client is told until its socket is closed.
  private func rest(of socket: TestSocket) async throws -> (messages: [PhoenixMessage], code: UInt16?) {
    var messages: [PhoenixMessage] = []
    while let event = await socket.next() {
      switch event {
      case .message(let message): messages.append(message)
      case .closed(let code, _): return (messages, code)
      }
    }
    throw TestSocket.Unexpected(event: nil)
  }

  @Test(
    "a request that the end of a shutdown cuts off is told once that it may have been done, whatever its kind"
  )
  func cutOff() async throws {
    let fixture = try await ServerFixture({ $0.drainTimeout = .zero })
    let socket = try await fixture.socket()
    let join = try await socket.join()
    for (type, id, ref) in [("stuck", "sync", "r1"), ("slowly", "async", "r2"), ("tail", "stream", "r3")] {
      let args: ValueObject = type == "slowly" ? ["milliseconds": 60_000] : [:]
      socket.push(
        ServerFixture.request(type, args, id: id), joinRef: join, ref: MessageReference(ByteText(ref)))
    }
    // The receipts of the two that are answered twice, and their acknowledgements.
    for _ in 0..<4 { _ = try await socket.message() }
    try await eventually { fixture.server.statistics.inFlight == 3 }
    await fixture.server.stop()
    let (messages, code) = try await rest(of: socket)
    #expect(code == 1_001)
    let text: Value = "Service shut down before the answer; it may have been done"
    let answers = messages.filter { $0.event == "api" }.compactMap(\.value)
    #expect(answers.map { $0["request_id"]?.string ?? "" }.sorted() == ["async", "stream", "sync"])
    for answer in answers {
      #expect(answer["success"] == false && answer["error"] == text && answer["can_retry"] == false)
      #expect(answer["has_more"] == false)
    }
    let replies = messages.filter { $0.event == PhoenixEvent.reply }
    #expect(replies.map(\.ref) == ["r1"])
    #expect(replies.first?.value == ["status": "error", "response": text])
    #expect(fixture.server.statistics.inFlight == 0)
    try await eventually { fixture.gateway.currentState().totals.inFlight == 0 }
    let state = fixture.gateway.currentState()
    #expect(state.series.compactMap { $0.outcomes["cut_off"] } == [1, 1, 1] && state.totals.cancelled == 3)
    #expect(state.totals.failed == 0 && state.series.allSatisfy { $0.outcomes["cancelled"] == nil })
  }

  @Test(
    "the id of a request that is cut off stays the number that it was; one without an answer is told nothing")
  func kinds() async throws {
    let fixture = try await ServerFixture({ $0.drainTimeout = .zero })
    fixture.gateway.functions.register("Demo.mute") { _ in
      try await Task.sleep(for: .seconds(60))
      return .ok(.null)
    }
    try fixture.gateway.configs.add(
      FunctionConfig(
        service: "demo", requestType: "mute", function: FunctionReference("Demo", "mute"),
        responseType: .none))
    let socket = try await fixture.socket()
    let join = try await socket.join()
    var request = ServerFixture.request("tail")
    if case .object(var object) = request {
      object["request_id"] = 7
      request = .object(object)
    }
    socket.push(request, joinRef: join)
    socket.push(ServerFixture.request("mute", id: "mute"), joinRef: join)
    try await eventually { fixture.server.statistics.inFlight == 2 }
    async let stopped: Void = fixture.server.stop()
    let (messages, code) = try await rest(of: socket)
    await stopped
    #expect(code == 1_001)
    let told = messages.compactMap(\.value).filter { $0["success"] == false }
    #expect(told.map { $0["request_id"] } == [7])
  }

  /// One worker a pool, which one client may have alone.
  private static func small(_ configuration: inout GatewayConfiguration) {
    configuration.asyncPool = WorkerPoolConfiguration(workers: 1, clientSharePercent: 100)
    configuration.streamPool = WorkerPoolConfiguration(workers: 1, clientSharePercent: 100)
  }

  @Test(
    "what waits for a worker when a shutdown cuts off is refused and may be sent again, and never begins on the freed workers"
  )
  func waiting() async throws {
    let fixture = try await ServerFixture({ $0.drainTimeout = .zero }, gateway: Self.small)
    let sockets = [try await fixture.socket(user: "u1"), try await fixture.socket(user: "u2")]
    for (socket, ids) in zip(sockets, [["run", "w1", "w2"], ["w3", "w4", "w5"]]) {
      let join = try await socket.join()
      for id in ids {
        socket.push(ServerFixture.request("slowly", ["milliseconds": 60_000], id: id), joinRef: join)
        for _ in 0..<2 { _ = try await socket.message() }
      }
    }
    try await eventually { fixture.slowCalls.all == 1 }
    #expect(fixture.server.statistics.inFlight == 6)
    async let stopped: Void = fixture.server.stop()
    for (socket, running) in zip(sockets, ["run", ""]) {
      let (messages, code) = try await rest(of: socket)
      #expect(code == 1_001)
      let answers = messages.compactMap(\.value).filter { $0["success"] == false }
      #expect(answers.count == 3)
      for answer in answers {
        let mayHaveBeenDone = answer["request_id"]?.string == ByteText(running)
        #expect(answer["can_retry"] == .bool(!mayHaveBeenDone))
        #expect(
          answer["error"]
            == (mayHaveBeenDone
              ? "Service shut down before the answer; it may have been done"
              : "Service temporarily unavailable"))
      }
    }
    await stopped
    #expect(fixture.slowCalls.all == 1)
    let pool = fixture.gateway.currentState().pools[0]
    #expect((pool.cancelled, pool.rejected, pool.queued) == (1, 5, 0))
  }

  @Test(
    "what waits for a worker when its socket ends with its token is refused, over all topics, and never begins"
  )
  func waitingAtExpiry() async throws {
    let clock = VirtualClock()
    let expires = clock.wallMicroseconds() / 1_000_000 + 60
    let fixture = try await ServerFixture(
      {
        $0.endsWithToken = true
        $0.idleTimeout = .seconds(1)
      },
      authenticator: CustomAuthenticator { _ in ClientIdentity(userID: "u", expiresAt: expires) },
      clock: clock, gateway: Self.small)
    let socket = try await fixture.socket()
    for topic: ByteText in ["api:a", "api:b"] {
      let join = try await socket.join(topic)
      for id in ["1", "2"] {
        socket.push(
          ServerFixture.request("slowly", ["milliseconds": 60_000], id: "\(topic) \(id)"), joinRef: join,
          topic: topic)
        for _ in 0..<2 { _ = try await socket.message() }
      }
    }
    try await eventually { fixture.slowCalls.all == 1 }
    clock.advance(by: .seconds(61))
    let (messages, code) = try await rest(of: socket)
    #expect(code == 1_008)
    let refused: [Value] = messages.compactMap(\.value).filter { $0["can_retry"] == true }
    #expect(refused.map { $0["request_id"]?.string ?? "" }.sorted() == ["api:a 2", "api:b 1", "api:b 2"])
    #expect(
      messages.compactMap(\.value).filter { $0["can_retry"] == false }.map { $0["error"] }
        == ["The connection ended before the answer; it may have been done"])
    #expect(fixture.slowCalls.all == 1)
    await fixture.server.stop()
  }

  @Test("no part of a stream follows its last message when a shutdown cuts it off")
  func nothingFollows() async throws {
    for _ in 0..<10 {
      let fixture = try await ServerFixture({ $0.drainTimeout = .zero })
      try fixture.gateway.register(
        ServiceEndpoints("busy") {
          // As fast as its reader takes them on a busy machine, too: what waits for it must not outlast the shutdown.
          Endpoint(streaming: "parts") { stream in
            while await stream.send(1) { try await Task.sleep(for: .milliseconds(1)) }
          }
        })
      let socket = try await fixture.socket()
      let join = try await socket.join()
      for id in ["a", "b", "c", "d"] {
        var request = ServerFixture.request("parts", id: id)
        if case .object(var object) = request {
          object["service"] = "busy"
          request = .object(object)
        }
        socket.push(request, joinRef: join)
      }
      try await eventually { fixture.server.statistics.inFlight == 4 }
      async let stopped: Void = fixture.server.stop()
      let (messages, _) = try await rest(of: socket)
      await stopped
      var ended: Set<ByteText> = []
      for message in messages.compactMap(\.value) {
        guard let id = message["request_id"]?.string else { continue }
        #expect(!ended.contains(id), "\(message)")
        if message["has_more"] == false { ended.insert(id) }
      }
      #expect(ended.count == 4)
    }
  }

  @Test("a socket that ends with its token tells the requests that run that they may have been done")
  func expiry() async throws {
    let clock = VirtualClock()
    let expires = clock.wallMicroseconds() / 1_000_000 + 60
    // The socket looks at the clock every second, and no busy machine makes it silent for so long before.
    let fixture = try await ServerFixture(
      {
        $0.endsWithToken = true
        $0.idleTimeout = .seconds(1)
      },
      authenticator: CustomAuthenticator { _ in ClientIdentity(userID: "u", expiresAt: expires) },
      clock: clock)
    let socket = try await fixture.socket()
    let join = try await socket.join()
    socket.push(ServerFixture.request("stuck", id: "s"), joinRef: join)
    try await eventually { fixture.server.statistics.inFlight == 1 }
    clock.advance(by: .seconds(61))
    let (messages, code) = try await rest(of: socket)
    #expect(code == 1_008)
    #expect(
      messages.compactMap { $0.value?["error"] }
        == ["The connection ended before the answer; it may have been done"])
    try await eventually { fixture.gateway.currentState().totals.inFlight == 0 }
    #expect(fixture.gateway.currentState().series.compactMap { $0.outcomes["cut_off"] } == [1])
    await fixture.server.stop()
  }

  @Test(
    "a handshake that the shutdown overtakes is answered 503 with Retry-After, and is no socket that is closed at once"
  )
  func handshake() async throws {
    let asked = Atomic<Bool>(false)
    let gate = Gate()
    let fixture = try await ServerFixture(
      authenticator: CustomAuthenticator { _ in
        asked.store(true, ordering: .relaxed)
        await gate.wait()
        return ClientIdentity(userID: "u")
      })
    let client = try await RawExchange.open(port: fixture.port)
    client.say(Self.upgrade)
    try await eventually { asked.load(ordering: .relaxed) }
    async let stopped: Void = fixture.server.stop()
    // Nobody is accepted any more.
    while let other = try? await RawExchange.open(port: fixture.port) { other.close() }
    gate.open()
    let answer = try await client.all()
    #expect(
      answer.hasPrefix("HTTP/1.1 503 ") && answer.lowercased().contains("\r\nretry-after: 1\r\n"), "\(answer)"
    )
    client.close()
    await stopped
    #expect(fixture.server.statistics.accepted == 0)
  }

  @Test("who waits in the listener's queue when it closes gets an answer, and not the end of the connection")
  func backlog() async throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let fixture = try await ServerFixture(group: group)
    let held = DispatchSemaphore(value: 0)
    group.next().execute { held.wait() }
    // The system takes the connections while the loop cannot.
    var clients: [RawExchange] = []
    for _ in 0..<40 {
      clients.append(try await RawExchange.open(port: fixture.port))
      clients.last?.say(Self.upgrade)
    }
    async let stopped: Void = fixture.server.stop()
    try await Task.sleep(for: .milliseconds(300))
    held.signal()
    for client in clients {
      let answer = try await client.all()
      #expect(answer.hasPrefix("HTTP/1.1 503 "), "\(answer)")
      client.close()
    }
    await stopped
    try await group.shutdownGracefully()
  }

  @Test("who asks for long polling is told at once that there is none, across origins too")
  func longPolling() async throws {
    try await ServerFixture.with { fixture in
      let poll = "/socket/longpoll?vsn=2.0.0 HTTP/1.1\r\nHost: localhost\r\nOrigin: http://elsewhere.test\r\n"
      let answer = try await RawExchange.answer(to: "GET \(poll)\r\n", port: fixture.port)
      #expect(answer.hasPrefix("HTTP/1.1 404 "))
      // What phoenix.js takes for a request that failed: it closes, and tells its program.
      #expect(answer.contains("{\"status\":0,"))
      #expect(answer.lowercased().contains("\r\naccess-control-allow-origin: *\r\n"))
      // A page sends its messages there by POST, and a server in front may put a slash behind the path.
      for method in ["POST", "PUT", "DELETE", "HEAD", "GET"] {
        for path in [poll, poll.replacing("longpoll?", with: "longpoll/?")] {
          let other = try await RawExchange.answer(
            to: "\(method) \(path)Content-Length: 0\r\n\r\n", port: fixture.port)
          #expect(other.hasPrefix("HTTP/1.1 404 "), "\(method): \(other)")
          #expect(other.lowercased().contains("\r\naccess-control-allow-origin: *\r\n"), "\(other)")
          #expect(other.hasSuffix("}\n") == (method != "HEAD"))
        }
      }
      for path in [poll, poll.replacing("longpoll?", with: "longpoll/?")] {
        let preflight = try await RawExchange.answer(
          to: "OPTIONS \(path)Access-Control-Request-Method: POST\r\n\r\n", port: fixture.port)
        #expect(preflight.hasPrefix("HTTP/1.1 204 "))
        #expect(preflight.lowercased().contains("\r\naccess-control-allow-headers: *\r\n"))
        // One without content has no length of it.
        #expect(!preflight.lowercased().contains("content-length"))
      }
    }
  }

  /// Opens once.
  private final class Gate: Sendable {
    private let (stream, source) = AsyncStream.makeStream(of: Void.self)

    func wait() async { for await _ in stream {} }
    func open() { source.finish() }
  }
}
