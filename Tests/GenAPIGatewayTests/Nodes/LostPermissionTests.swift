import GenAPITelemetry
import GenAPITesting
import GenAPIValue
import InMemoryLogging
import Logging
import Testing

@testable import GenAPIGateway

@Suite("A permission callback whose node goes")
struct LostPermissionTests {
  private struct Failing: RemoteCaller {
    let error: RemoteCallError

    func call(_ reference: FunctionReference, _ call: FunctionCall, on node: ByteText, timeout: Duration?)
      async throws(RemoteCallError) -> FunctionResult
    { .ok("ran") }

    func allows(_ callback: FunctionReference, _ request: Request, on node: ByteText, timeout: Duration?)
      async throws(RemoteCallError) -> Bool
    { throw error }

    func watch(_ watcher: @escaping @Sendable (NodeChange) -> Void) {}
  }

  @Test(
    "reads unavailable and is counted so, as what could not be asked; one that fails or is late denies",
    arguments: [
      (.lost("the connection was lost to a@test"), true), (.unreachable("down"), true),
      (.raised("crash"), false),
      (.timeout(.seconds(1)), false),
    ] as [(RemoteCallError, Bool)], [ResponseType.sync, .async, .stream])
  func reads(_ error: (RemoteCallError, isUnavailable: Bool), _ type: ResponseType) async throws {
    let lines = InMemoryLogHandler()
    var settings = GatewayConfiguration(node: "test")
    settings.logger = Logger(label: "test") { _ in lines }
    let gateway = try Gateway(configuration: settings, remote: Failing(error: error.0))
    try gateway.configs.add(
      FunctionConfig(
        service: "test", requestType: "who", nodes: .list(["a@test"]),
        function: FunctionReference("Svc", "who"), responseType: type,
        permissionCallback: FunctionReference("Svc", "may"), hookTimeout: .milliseconds(1)))
    let request = Request(service: "test", requestType: "who", requestID: "r1", userID: "u1")
    // Nothing of the node, nor of what it was asked.
    #expect(
      await gateway.execute(request)
        == (error.isUnavailable
          ? .error("r1", "Service temporarily unavailable", canRetry: true)
          : .error("r1", "Permission denied")))
    #expect(
      gateway.currentState().series.first?.outcomes
        == [error.isUnavailable ? "unavailable" : "permission_denied": 1])
    #expect(lines.entries.count { $0.level >= .error } == 1)
    guard case .lost = error.0 else { return }
    #expect(
      lines.entries.map { "\($0.message)" } == [
        "a permission callback was lost: its node went before the answer; the client may try again"
      ])
  }
}
