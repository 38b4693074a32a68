import GenAPIValue
import InMemoryLogging
import Logging

@testable import GenAPIGateway

/// Nodes of which each call, callback and hook fails with the same error.
struct FailingCaller: RemoteCaller {
  let error: RemoteCallError
  /// Calls of functions are answered all the same.
  var answersCalls = false

  func call(_ reference: FunctionReference, _ call: FunctionCall, on node: ByteText, timeout: Duration?)
    async throws(RemoteCallError) -> FunctionResult
  {
    if answersCalls { return .ok("ran") }
    throw error
  }

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

  /// A gateway whose function `test/who` is on such a node, and what it logs.
  func gateway(_ change: (inout FunctionConfig) -> Void) throws -> (Gateway, InMemoryLogHandler) {
    let lines = InMemoryLogHandler()
    var settings = GatewayConfiguration(node: "gw@test")
    settings.logger = Logger(label: "test") { _ in lines }
    let gateway = try Gateway(configuration: settings, remote: self)
    var config = FunctionConfig(
      service: "test", requestType: "who", nodes: .list(["a@test"]),
      function: FunctionReference("Svc", "who"))
    change(&config)
    try gateway.configs.add(config)
    return (gateway, lines)
  }

  static let request = Request(service: "test", requestType: "who", requestID: "r1", args: [:], userID: "u1")
}
