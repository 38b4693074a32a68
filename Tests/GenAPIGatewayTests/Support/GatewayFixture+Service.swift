import GenAPIValue

@testable import GenAPIGateway

/// A service on the nodes of the fixture, which pushes its functions.
extension GatewayFixture {
  /// Pushes one function of the service `svc` from `a@test`, called `Svc.` and its request type there.
  func push(
    _ requestType: ByteText, nodes: NodeSource = .list(["a@test"]),
    _ change: (inout FunctionConfig) -> Void = { _ in }
  ) throws {
    var config = FunctionConfig(
      service: "svc", requestType: requestType, nodes: nodes, function: FunctionReference("Svc", requestType))
    change(&config)
    try gateway.receiver.push(
      PushConfig(service: "svc", nodes: ["a@test"], configVersion: "1", functions: [config]))
  }

  /// Asks for a function of that service.
  func ask(_ requestType: ByteText, _ args: ValueObject = [:]) async -> Response? {
    await gateway.execute(
      Request(service: "svc", requestType: requestType, requestID: "1", args: args))
  }
}
