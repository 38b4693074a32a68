import GenAPITelemetry
import GenAPIValue
import TestWaiting
import Testing

@testable import GenAPIGateway

@Suite("A request that waits for a worker when a breaker opens")
struct RefusedWaitTests {
  private struct Failed: Error {}

  @Test(
    "is refused in the words of that breaker",
    arguments: [
      (.service, "the circuit breaker of pool async_pool for test is open"),
      (.pool, "the circuit breaker of pool async_pool is open"),
    ] as [(WorkerPoolConfiguration.Breakers, ByteText)])
  func words(_ breakers: WorkerPoolConfiguration.Breakers, _ words: ByteText) async throws {
    let fixture = try GatewayFixture {
      $0.asyncPool.workers = 1
      $0.asyncPool.poolThreshold = 1
      $0.asyncPool.workerThreshold = 100
      $0.asyncPool.breakers = breakers
    }
    let held = TestRendezvous(2)
    try fixture.add("f", { $0.responseType = .async }) { _ in
      await held.arrive()
      throw Failed()
    }
    let connections = [fixture.connect(), fixture.connect(ClientIdentity(userID: "u2"))]
    for (number, connection) in connections.enumerated() {
      var request = fixture.request("f")
      request.requestID = "r\(number)"
      _ = await fixture.gateway.execute(request, on: connection)
    }
    #expect(fixture.gateway.asyncPool.poolState().queued == 1)
    await held.arrive()
    #expect(
      await connections[1].received(1).last
        == .error("r1", "Service temporarily unavailable", canRetry: true))
    let stop = fixture.events().compactMap(\.stop).first { $0.request.requestID == "r1" }
    #expect(stop?.outcome == .unavailable && stop?.error == words)
  }
}
