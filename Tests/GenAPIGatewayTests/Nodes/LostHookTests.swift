import GenAPITesting
import GenAPIValue
import InMemoryLogging
import Logging
import Testing

@testable import GenAPIGateway

@Suite("A before hook whose node goes")
struct LostHookTests {
  /// Its node goes while it is asked, or cannot be reached.
  private struct GoingCluster: RemoteCaller {
    let error: RemoteCallError

    func call(_ reference: FunctionReference, _ call: FunctionCall, on node: ByteText, timeout: Duration?)
      async throws(RemoteCallError) -> FunctionResult
    { throw error }

    func allows(_ callback: FunctionReference, _ request: Request, on node: ByteText, timeout: Duration?)
      async throws(RemoteCallError) -> Bool
    { throw error }

    func before(
      _ hook: FunctionReference, _ request: Request, _ config: FunctionConfig, on node: ByteText,
      timeout: Duration?, connectingWithin connecting: Duration?
    ) async throws(RemoteCallError) -> BeforeHookResult { throw error }

    func after(
      _ hook: FunctionReference, _ request: Request, _ config: FunctionConfig, _ response: Response,
      on node: ByteText, timeout: Duration?, connectingWithin connecting: Duration?
    ) async throws(RemoteCallError) -> Response { throw error }

    func watch(_ watcher: @escaping @Sendable (NodeChange) -> Void) {}
  }

  @Test(
    "reads as a call whose node goes, and may be asked for again only where nothing ran",
    arguments: [true, false], [true, false])
  func reads(_ isHook: Bool, _ isLost: Bool) async throws {
    let lines = InMemoryLogHandler()
    var configuration = GatewayConfiguration(node: "gw@test")
    configuration.logger = Logger(label: "test") { _ in lines }
    let error: RemoteCallError = isLost ? .lost("the connection was lost") : .unreachable("is gone")
    let gateway = try Gateway(configuration: configuration, remote: GoingCluster(error: error))
    try gateway.configs.add(
      FunctionConfig(
        service: "test", requestType: "far", nodes: .list(["a@test"]),
        function: FunctionReference("Svc", "far"),
        beforeExecute: isHook ? FunctionReference("Svc", "before") : nil))
    let request = Request(service: "test", requestType: "far", requestID: "r1", args: [:], userID: "u1")
    #expect(
      await gateway.execute(request)
        == (isLost
          ? .error("r1", "Service was lost before the answer; it may have been done")
          : .error("r1", "Service temporarily unavailable", canRetry: true)))
    guard isHook, isLost else { return }
    #expect(
      lines.entries.contains {
        "\($0.message)" == "a before hook was lost: its node went before the answer; the request is refused"
      })
  }
}
