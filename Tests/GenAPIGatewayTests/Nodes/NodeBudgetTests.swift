import GenAPITesting
import GenAPIValue
import Locking
import Testing

@testable import GenAPIGateway

@Suite("Nodes that are asked in turn")
struct NodeBudgetTests {
  /// Each node takes half of the time that it is given, and cannot be reached.
  private final class SilentCluster: RemoteCaller {
    let clock: VirtualClock
    let given = Mutex<[Duration?]>([])
    let connecting = Mutex<[Duration?]>([])

    init(clock: VirtualClock) { self.clock = clock }

    private func silent(_ timeout: Duration?) -> RemoteCallError {
      given.withLock { $0.append(timeout) }
      clock.advance(by: (timeout ?? .zero) / 2)
      return .unreachable("silent")
    }

    func call(_ reference: FunctionReference, _ call: FunctionCall, on node: ByteText, timeout: Duration?)
      async throws(RemoteCallError) -> FunctionResult
    { throw silent(timeout) }

    func call(
      _ reference: FunctionReference, _ call: FunctionCall, on node: ByteText, timeout: Duration?,
      connectingWithin connecting: Duration?
    ) async throws(RemoteCallError) -> FunctionResult {
      self.connecting.withLock { $0.append(connecting) }
      throw node.hasPrefix("good") ? .timeout(timeout ?? .zero) : silent(timeout)
    }

    func allows(_ callback: FunctionReference, _ request: Request, on node: ByteText, timeout: Duration?)
      async throws(RemoteCallError) -> Bool
    { throw silent(timeout) }

    func before(
      _ hook: FunctionReference, _ request: Request, _ config: FunctionConfig, on node: ByteText,
      timeout: Duration?, connectingWithin connecting: Duration?
    ) async throws(RemoteCallError) -> BeforeHookResult {
      self.connecting.withLock { $0.append(connecting) }
      throw silent(timeout)
    }

    func after(
      _ hook: FunctionReference, _ request: Request, _ config: FunctionConfig, _ response: Response,
      on node: ByteText, timeout: Duration?, connectingWithin connecting: Duration?
    ) async throws(RemoteCallError) -> Response {
      self.connecting.withLock { $0.append(connecting) }
      throw silent(timeout)
    }

    func watch(_ watcher: @escaping @Sendable (NodeChange) -> Void) {}
  }

  /// A gateway with one function on these nodes, none of which answers.
  private func silent(
    _ nodes: [ByteText], showsErrorDetail: Bool = false, _ change: (inout FunctionConfig) -> Void
  ) throws -> (Gateway, SilentCluster) {
    let clock = VirtualClock()
    let cluster = SilentCluster(clock: clock)
    var configuration = GatewayConfiguration(node: "gw@test")
    configuration.logger.logLevel = .critical
    configuration.showsErrorDetail = showsErrorDetail
    let gateway = try Gateway(configuration: configuration, remote: cluster, clock: clock)
    var config = FunctionConfig(
      service: "test", requestType: "far", function: FunctionReference("Test", "far"))
    config.nodes = .list(nodes)
    change(&config)
    try gateway.configs.add(config)
    return (gateway, cluster)
  }

  @Test("have a function's timeout together, whichever of them keep silent")
  func together() async throws {
    let (gateway, cluster) = try silent(["a@h", "b@h", "c@h"]) { $0.timeoutMs = 800 }
    let response = await gateway.execute(
      Request(service: "test", requestType: "far", requestID: "r1", args: [:], userID: "u1"))
    #expect(response?.success == false)
    let given = cluster.given.withLock { $0 }
    #expect(given.sorted { ($0 ?? .zero) > ($1 ?? .zero) } == given && given.count == 3)
    #expect(given == [.milliseconds(800), .milliseconds(400), .milliseconds(200)])
  }

  /// What the last call of a function on these nodes was told to connect within, and why it failed.
  private func failure(of nodes: [ByteText]) async throws -> (connecting: [Duration?], reason: ByteText?) {
    let (gateway, cluster) = try silent(nodes, showsErrorDetail: true) {
      $0.chooseNode = .roundRobin
      $0.timeoutMs = 800
    }
    let response = await gateway.execute(
      Request(service: "test", requestType: "far", requestID: "r1", args: [:], userID: "u1"))
    return (cluster.connecting.withLock { $0 }, response?.error)
  }

  @Test("connect within half of what is left, and the last of them, or the only one, within all of it")
  func connecting() async throws {
    #expect(try await failure(of: ["a@h"]).connecting == [.milliseconds(800)])
    let several = try await failure(of: ["a@h", "b@h", "c@h"]).connecting
    #expect(several == [.milliseconds(400), .milliseconds(200), .milliseconds(200)])
  }

  @Test(
    "have a hook's time together, before a call and after it, and connect within half of what is left of it")
  func hooks() async throws {
    let (gateway, cluster) = try silent(["a@h", "b@h", "c@h"]) {
      $0.beforeExecute = FunctionReference("Test", "before")
      $0.afterExecute = FunctionReference("Test", "after")
      $0.hookTimeoutMs = 800
    }
    _ = await gateway.execute(Request(service: "test", requestType: "far", requestID: "r1"))
    let given = [Duration.milliseconds(800), .milliseconds(400), .milliseconds(200)]
    #expect(cluster.given.withLock { $0 } == given + given)
    let connecting = [Duration.milliseconds(400), .milliseconds(200), .milliseconds(200)]
    #expect(cluster.connecting.withLock { $0 } == connecting + connecting)
  }

  @Test(
    "are all told of in a failure: it counts against the breaker of the first, which is not the one that was asked last"
  )
  func allAreNamed() async throws {
    let one = try await failure(of: ["a@h"]).reason
    #expect(one?.string.hasSuffix("a@h: silent") == true)
    let reason = try #require(try await failure(of: ["dead@h", "good@h"]).reason)
    #expect(reason.string.contains("dead@h: silent"))
    #expect(reason.string.contains("good@h: no answer within"))
    var passed = PassedNodes()
    for name: ByteText in ["a", "b", "c", "d"] { passed.note(name) }
    guard case .failed(_, let all, _, _) = passed.failure else { return }
    #expect(all == "a; 2 more; then d" && passed.then("e") == "a; 3 more; then e")
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
