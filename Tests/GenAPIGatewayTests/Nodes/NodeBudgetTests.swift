import GenAPITesting
import GenAPIValue
import Synchronization
import Testing

@testable import GenAPIGateway

@Suite("Nodes that are asked in turn")
struct NodeBudgetTests {
  /// Each node takes half of the time that it is given, and cannot be reached.
  private final class SilentCluster: RemoteCaller {
    let clock: VirtualClock
    let given = Mutex<[Duration?]>([])

    init(clock: VirtualClock) { self.clock = clock }

    private func silent(_ timeout: Duration?) -> RemoteCallError {
      given.withLock { $0.append(timeout) }
      clock.advance(by: (timeout ?? .zero) / 2)
      return .unreachable("silent")
    }

    func call(_ reference: FunctionReference, _ call: FunctionCall, on node: ByteText, timeout: Duration?)
      async throws(RemoteCallError) -> FunctionResult
    { throw silent(timeout) }

    func allows(_ callback: FunctionReference, _ request: Request, on node: ByteText, timeout: Duration?)
      async throws(RemoteCallError) -> Bool
    { throw silent(timeout) }

    func watch(_ watcher: @escaping @Sendable (NodeChange) -> Void) {}
  }

  @Test("have a function's timeout together, whichever of them keep silent")
  func together() async throws {
    let clock = VirtualClock()
    let cluster = SilentCluster(clock: clock)
    var configuration = GatewayConfiguration(node: "gw@test")
    configuration.logger.logLevel = .critical
    let gateway = try Gateway(configuration: configuration, remote: cluster, clock: clock)
    var config = FunctionConfig(
      service: "test", requestType: "far", function: FunctionReference("Test", "far"))
    config.nodes = .list(["a@h", "b@h", "c@h"])
    config.timeoutMs = 800
    try gateway.configs.add(config)
    let response = await gateway.execute(
      Request(service: "test", requestType: "far", requestID: "r1", args: [:], userID: "u1"))
    #expect(response?.success == false)
    let given = cluster.given.withLock { $0 }
    #expect(given.sorted { ($0 ?? .zero) > ($1 ?? .zero) } == given && given.count == 3)
    #expect(given == [.milliseconds(800), .milliseconds(400), .milliseconds(200)])
  }

  @Test("get nothing when it is used up, and all of it when there is no bound")
  func bounds() {
    let clock = VirtualClock()
    let budget = NodeBudget(.milliseconds(100), on: clock)
    #expect(budget.rest == .left(.milliseconds(100)))
    clock.advance(by: .milliseconds(99))
    #expect(budget.rest == .left(.milliseconds(1)))
    clock.advance(by: .milliseconds(1))
    #expect(budget.rest == .over)
    #expect(NodeBudget(nil, on: clock).rest == .unbounded)
  }
}
