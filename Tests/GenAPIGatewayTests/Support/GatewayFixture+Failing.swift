import TestWaiting

@testable import GenAPIGateway

extension GatewayFixture {
  /// Lets an async function on a node that is not there fail three times.
  func failOnLostNode() async throws {
    try add("lost") {
      $0.responseType = .async
      $0.nodes = .list(["nowhere@test"])
    }
    let connection = connect()
    for index in 0..<3 {
      var request = request("lost")
      request.requestID = "r\(index)"
      _ = await gateway.execute(request, on: connection)
    }
    _ = await connection.received(3)
    try await eventually { self.gateway.asyncPool.poolState().busy == 0 }
    // Calls of a connection that is gone are given up, which is no failure.
    withExtendedLifetime(connection) {}
  }
}
