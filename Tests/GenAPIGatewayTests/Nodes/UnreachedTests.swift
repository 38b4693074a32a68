import GenAPITelemetry
import GenAPITesting
import GenAPIValue
import InMemoryLogging
import Locking
import Logging
import TestWaiting
import Testing

@testable import GenAPIGateway

@Suite("What no node could be reached for")
struct UnreachedTests {
  @Test(
    "a function that ran nowhere may be asked for again: its client reads so, it is counted, and the log has a line",
    arguments: ResponseType.allCases)
  func unreached(_ type: ResponseType) async throws {
    let lines = InMemoryLogHandler()
    let fixture = try GatewayFixture { $0.logger = Logger(label: "test") { _ in lines } }
    try fixture.gateway.configs.add(
      FunctionConfig(
        service: "test", requestType: "who", nodes: .list(["a@test", "b@test"]),
        function: FunctionReference("Svc", "who"), responseType: type))
    for name in ["a@test", "b@test"] as [ByteText] { fixture.cluster.setUp(name, false) }
    let unavailable = Response.error("r1", "Service temporarily unavailable", canRetry: true)
    switch type {
    case .sync: #expect(await fixture.gateway.execute(fixture.request("who")) == unavailable)
    case .async, .stream:
      let connection = fixture.connect()
      _ = await fixture.gateway.handle(
        ["service": "test", "request_type": "who", "request_id": "r1"], from: .anonymous, on: connection)
      #expect(await connection.received(2).last == unavailable)
    case .none: _ = await fixture.gateway.execute(fixture.request("who"))
    }
    try await eventually {
      fixture.gateway.currentState().series.first?.outcomes["unreachable"] == 1
        && lines.entries.contains {
          "\($0.message)"
            == "a function was not called: none of its nodes could be reached; its client may try again"
        }
    }
  }

  @Test("a before hook that no node could be reached for was not called: its client may ask again")
  func hook() async throws {
    let lines = InMemoryLogHandler()
    let fixture = try GatewayFixture { $0.logger = Logger(label: "test") { _ in lines } }
    try fixture.gateway.configs.add(
      FunctionConfig(
        service: "test", requestType: "who", nodes: .list(["a@test"]),
        function: FunctionReference("Svc", "who"), beforeExecute: FunctionReference("Svc", "before")))
    fixture.cluster.setUp("a@test", false)
    #expect(
      await fixture.gateway.execute(fixture.request("who"))
        == .error("r1", "Service temporarily unavailable", canRetry: true))
    #expect(
      lines.entries.map { "\($0.message)" }.contains(
        "a before hook was not called: none of its nodes could be reached; the client may try again"))
  }

  /// Answers each call with the next of these.
  private final class Scripted: RemoteCaller {
    private let answers: Mutex<[Result<FunctionResult, RemoteCallError>]>

    init(_ answers: [Result<FunctionResult, RemoteCallError>]) { self.answers = Mutex(answers.reversed()) }

    func call(
      _ reference: FunctionReference, _ call: FunctionCall, on node: ByteText, timeout: Duration?
    ) async throws(RemoteCallError) -> FunctionResult {
      try (answers.withLock { $0.popLast() } ?? .failure(.unreachable("gone"))).get()
    }

    func allows(_ callback: FunctionReference, _ request: Request, on node: ByteText, timeout: Duration?)
      async throws(RemoteCallError) -> Bool
    { false }

    func watch(_ watcher: @escaping @Sendable (NodeChange) -> Void) {}
  }

  private static let lost = "Service was lost before the answer; it may have been done" as ByteText
  private static let exhausted = "all retry attempts exhausted" as ByteText

  @Test(
    "where an attempt before may have done it, nobody is told to try again, and the log says no more than is known",
    arguments: [
      ([.failure(.lost("went")), .failure(.unreachable("down"))], lost, "a call was lost"),
      ([.failure(.unreachable("down")), .failure(.lost("went"))], lost, "a call was lost"),
      ([.failure(.lost("went")), .failure(.lost("went"))], lost, "a call was lost"),
      (
        [.failure(.raised("crash")), .failure(.unreachable("down"))], exhausted,
        "a function was called and failed, and none of its nodes could be reached"
      ),
      ([.failure(.raised("crash")), .failure(.raised("crash"))], exhausted, "a function failed"),
    ] as [([Result<FunctionResult, RemoteCallError>], ByteText, String)],
    [ResponseType.sync, .async, .stream])
  func retried(
    _ answers: ([Result<FunctionResult, RemoteCallError>], ByteText, String), _ type: ResponseType
  ) async throws {
    let lines = InMemoryLogHandler()
    var settings = GatewayConfiguration(node: "test")
    settings.logger = Logger(label: "test") { _ in lines }
    let gateway = try Gateway(configuration: settings, remote: Scripted(answers.0))
    try gateway.configs.add(
      FunctionConfig(
        service: "test", requestType: "who", nodes: .list(["a@test"]),
        function: FunctionReference("Svc", "who"), responseType: type, retry: .sameNode(1)))
    #expect(await last(of: gateway, type) == .error("r1", answers.1))
    try await eventually { lines.entries.contains { "\($0.message)".hasPrefix(answers.2) } }
    #expect(lines.entries.count { $0.level >= .error } == 1)
  }

  @Test(
    "a function with a retry that ran nowhere may be asked for again, as one without",
    arguments: [ResponseType.sync, .async, .stream], [RetryPolicy.sameNode(2), .allNodes(2)])
  func retriedNowhere(_ type: ResponseType, _ retry: RetryPolicy) async throws {
    let lines = InMemoryLogHandler()
    var settings = GatewayConfiguration(node: "test")
    settings.logger = Logger(label: "test") { _ in lines }
    let cluster = InMemoryCluster(clock: SystemTime())
    let gateway = try Gateway(configuration: settings, remote: cluster)
    try gateway.configs.add(
      FunctionConfig(
        service: "test", requestType: "who", nodes: .list(["a@test", "b@test"]),
        function: FunctionReference("Svc", "who"), responseType: type, retry: retry))
    #expect(
      await last(of: gateway, type) == .error("r1", "Service temporarily unavailable", canRetry: true))
    try await eventually {
      lines.entries.contains { "\($0.message)".hasPrefix("a function was not called: none of its nodes") }
    }
    #expect(!lines.entries.contains { "\($0.message)".contains("may have done") })
  }

  private func last(of gateway: Gateway, _ type: ResponseType) async -> Response? {
    let request = Request(service: "test", requestType: "who", requestID: "r1")
    guard type != .sync else { return await gateway.execute(request) }
    let connection = gateway.connect(as: ClientIdentity(userID: "u1"))
    _ = await gateway.handle(
      ["service": "test", "request_type": "who", "request_id": "r1"], from: .anonymous, on: connection)
    return await connection.received(2).last
  }
}
