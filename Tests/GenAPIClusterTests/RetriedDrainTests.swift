import ErlangNode
import GenAPIGateway
import GenAPITesting
import GenAPIValue
import InMemoryLogging
import Locking
import Logging
import ServiceLifecycle
import TestWaiting
import Testing

@testable import GenAPICluster

@Suite("What a service node's shutdown leaves of calls that may be tried again, and of streams", .serialized)
struct RetriedDrainTests {
  @Test("what ran is told as lost, what did not may be asked for again, and the log and the counters say so")
  func drains() async throws {
    var configuration = LocalNodeConfiguration(name: "gateway@127.0.0.1", cookie: Cookie("secret"))
    configuration.epmd = nil
    configuration.logger.logLevel = .critical
    let gatewayNode = try LocalNode(configuration)
    let lines = InMemoryLogHandler()
    var settings = GatewayConfiguration(node: "gateway@127.0.0.1")
    settings.logger = Logger(label: "test") { _ in lines }
    let gateway = try Gateway(configuration: settings, remote: ErlangCluster(node: gatewayNode))
    ConfigService(gateway: gateway).serve(on: gatewayNode)
    try await gatewayNode.start()
    configuration.name = "swift@127.0.0.1"
    configuration.fixedPorts = ["gateway@127.0.0.1": gatewayNode.port ?? 0]
    let running = TestCount()
    let service = try ServiceNode(
      configuration,
      ServiceEndpoints("swift") {
        Endpoint(performing: "hold") {
          running.add()
          try? await Task.sleep(for: .seconds(3_600))
        }
        .timeout(nil).retry(.allNodes(2))
        Endpoint("quick") { 1 }.retry(.sameNode(2))
        Endpoint(streaming: "parts") { stream in
          running.add()
          try await Task.sleep(for: .seconds(3_600))
        }
        .timeout(nil).retry(.sameNode(1))
      }, version: "1.0.0", gateways: ["gateway@127.0.0.1"], drainTimeout: .milliseconds(1))
    let group = ServiceGroup(
      services: [service], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    let run = Task { try await group.run() }
    try await eventually { gateway.configs.count == 3 }
    let held = Task { await gateway.response("swift", "hold") }
    let client = gateway.connect(as: ClientIdentity(userID: "ann"))
    await gateway.send("swift", "parts", from: client)
    try await eventually { running.value == 2 }
    await group.triggerGracefulShutdown()
    var end = try await client.next(within: .seconds(10))
    while end.hasMore || end.result == "init" { end = try await client.next(within: .seconds(10)) }
    #expect(end.error == "Service shut down before the answer; it may have been done" && !end.canRetry)
    let lost = await held.value
    #expect(lost.error == "Service was lost before the answer; it may have been done" && !lost.canRetry)
    _ = await run.result
    let late = await gateway.response("swift", "quick")
    #expect(late.error == "Service temporarily unavailable" && late.canRetry)
    func told(_ type: String) -> [String] {
      lines.entries.filter { $0.metadata["request_type"] == "\(type)" && $0.level >= .error }.map {
        "\($0.message)"
      }
    }
    try await eventually {
      told("parts") == ["a call was lost: its node went before the answer, and may have done it"]
        && told("hold") == told("parts")
        && told("quick").map { $0.hasPrefix("a function was not called") } == [true]
    }
    for series in gateway.currentState().series {
      #expect(series.outcomes == ["unreachable": 1], "\(series.requestType) \(series.outcomes)")
    }
    await gatewayNode.stop()
  }
}

/// Counts what functions of another node have begun.
private final class TestCount: Sendable {
  private let count = Mutex(0)

  var value: Int { count.withLock { $0 } }
  func add() { count.withLock { $0 += 1 } }
}
