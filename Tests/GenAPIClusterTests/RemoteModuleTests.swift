import ErlangNode
import GenAPIGateway
import GenAPITesting
import GenAPIValue
import Testing

@testable import GenAPICluster

@Suite("Modules of other nodes")
struct RemoteModuleTests {
  /// Counts how often it was asked for nodes, of which none can be reached.
  private actor Nodes {
    private(set) var asked = 0

    func list() -> [ByteText] {
      asked += 1
      return ["x@127.0.0.1"]
    }
  }

  private func cluster(_ clock: VirtualClock) throws -> ErlangCluster {
    var configuration = LocalNodeConfiguration(name: "caller@127.0.0.1", cookie: Cookie("secret"))
    configuration.epmd = nil
    return ErlangCluster(node: try LocalNode(configuration), clock: clock)
  }

  @Test("a function does what its module says, but where it says otherwise")
  func overrides() async throws {
    let clock = VirtualClock()
    let nodes = Nodes()
    let module = RemoteModule(
      try cluster(clock), "MyApp.Users", on: .function { await nodes.list() }, retry: .allNodes(2),
      pause: .fixed(.seconds(7)))
    let find: @Sendable (String, Int) async throws -> String = module.function(
      "find", String.self, Int.self)
    let once: @Sendable () async throws -> String = module.function("once") { $0.retry = nil }
    #expect(module.options.retry == .allNodes(2))

    await #expect(throws: RemoteCallError.self) { try await once() }
    #expect(await nodes.asked == 1)

    let call = Task { try await find("1", 2) }
    for _ in 0..<2 {
      await clock.waitForSleepers(of: .seconds(7))
      clock.advance(by: .seconds(7))
    }
    await #expect(throws: RemoteCallError.self) { try await call.value }
    #expect(await nodes.asked == 4)
  }

  @Test("the pause before a retry grows, or is what was said, whatever was said")
  func pauses() {
    for (attempt, expected) in [(1, 50...150), (3, 200...600)] as [(Int, ClosedRange<Int64>)] {
      for _ in 0..<50 { #expect(expected.contains(RetryPause.growing.milliseconds(attempt))) }
    }
    #expect(RetryPause.fixed(.milliseconds(30)).milliseconds(9) == 30)
    #expect(RetryPause.fixed(.seconds(-1)).milliseconds(1) == 0)
    #expect(RetryPause.fixed(.seconds(Int64.max)).milliseconds(1) > 0)
  }
}
