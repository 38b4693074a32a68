import ErlangNode
import Foundation
import GenAPIGateway
import GenAPITesting
import GenAPIValue
import Testing

@testable import GenAPICluster

@Suite("Functions of other nodes, and where they are")
struct RemoteFunctionTests {
  private static let nodes: [ByteText] = ["a@h", "b@h", "c@h"]
  private let reference = FunctionReference("MyApp.Users", "find")

  private func first(_ state: RemoteFunctionState, _ choice: NodeChoice, _ arguments: [Value]) -> ByteText {
    state.order(Self.nodes, choice, arguments, reference)[0]
  }

  @Test("whatever the choice, every node is in the order once")
  func complete() {
    let state = RemoteFunctionState(clock: VirtualClock())
    for choice in [NodeChoice.random, .roundRobin, .hash, .hashKey("0"), .sticky("0")] {
      #expect(state.order(Self.nodes, choice, ["x"], reference).sorted() == Self.nodes)
    }
  }

  @Test("round robin asks one after the other")
  func roundRobin() {
    let state = RemoteFunctionState(clock: VirtualClock())
    #expect((0..<4).map { _ in first(state, .roundRobin, []) } == ["a@h", "b@h", "c@h", "a@h"])
  }

  @Test("by hash equal arguments go to one node, and others to others")
  func hash() {
    let state = RemoteFunctionState(clock: VirtualClock())
    #expect(Set((0..<20).map { _ in first(state, .hash, ["u", 1]) }).count == 1)
    #expect(Set((0..<50).map { first(state, .hash, ["u", .int($0)]) }) == Set(Self.nodes))
    #expect(Set((0..<50).map { first(state, .hashKey("0"), ["u", .int($0)]) }).count == 1)
  }

  @Test("a sticky argument stays with its node for an hour, and while the node is there")
  func sticky() {
    let state = RemoteFunctionState(clock: VirtualClock())
    let chosen = first(state, .sticky("0"), ["u_1"])
    #expect((0..<20).allSatisfy { _ in first(state, .sticky("0"), ["u_1"]) == chosen })
    let rest = Self.nodes.filter { $0 != chosen }
    #expect(state.order(rest, .sticky("0"), ["u_1"], reference).sorted() == rest)
  }

  @Test("without a node, or none that can be reached, the call says so")
  func unreachable() async throws {
    var configuration = LocalNodeConfiguration(name: "caller@127.0.0.1", cookie: Cookie("secret"))
    configuration.epmd = nil
    let cluster = ErlangCluster(node: try LocalNode(configuration))
    let nowhere = try #require(RemoteFunction<Int>(cluster, "A.b", on: .list([])))
    await #expect(throws: RemoteCallError.unreachable("there is no node")) { try await nowhere() }
    let gone = try #require(
      RemoteFunction<Int>(cluster, "A.b", on: .function { ["x@127.0.0.1", "y@127.0.0.1"] }))
    await #expect(throws: RemoteCallError.self) { try await gone() }
    #expect(RemoteFunction<Int>(cluster, "nodot", on: .list([])) == nil)
    // Its options are a module's, and each is a property.
    var changed = nowhere
    changed.timeout = .seconds(1)
    changed.options.retry = .allNodes(2)
    #expect(changed.options.timeout == .seconds(1) && changed.retry == .allNodes(2) && nowhere.retry == nil)
  }

  @Test("a retry waits, and asks for the nodes again")
  func retry() async throws {
    var configuration = LocalNodeConfiguration(name: "caller@127.0.0.1", cookie: Cookie("secret"))
    configuration.epmd = nil
    let clock = VirtualClock()
    let cluster = ErlangCluster(node: try LocalNode(configuration), clock: clock)
    let asked = Asked()
    let function = try #require(
      RemoteFunction<Int>(
        cluster, "A.b", on: .function { await asked.next() }, timeout: .milliseconds(100), retry: .allNodes(2)
      ))
    let call = Task { try await function() }
    for _ in 0..<2 {
      await clock.waitForSleepers(1)
      clock.advance(by: .milliseconds(10_000))
    }
    await #expect(throws: RemoteCallError.self) { try await call.value }
    #expect(await asked.count == 3)
  }

  @Test("a file lists a node a line; what is none is named with its line")
  func file() async throws {
    let path = NSTemporaryDirectory() + "nodes-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try "# the users\napp1@10.0.0.7\n\n  app2@10.0.0.8 \napp1@10.0.0.7\n".write(
      toFile: path, atomically: true, encoding: .utf8)
    #expect(try await DiscoverySource.file(ByteText(path)).list() == ["app1@10.0.0.7", "app2@10.0.0.8"])
    #expect(try await DiscoverySource.file(ByteText(path)).list(maximum: 1) == ["app1@10.0.0.7"])
    // As some editors end lines.
    try "app1@10.0.0.7\r\n\r\n# more\r\napp2@10.0.0.8\r\n".write(
      toFile: path, atomically: true, encoding: .utf8)
    #expect(try await DiscoverySource.file(ByteText(path)).list() == ["app1@10.0.0.7", "app2@10.0.0.8"])
    try "app1@10.0.0.7\nno node".write(toFile: path, atomically: true, encoding: .utf8)
    await #expect(
      throws: DiscoveryError(source: ByteText(path), reason: "line 2 must be name@host, not \"no node\"")
    ) {
      try await DiscoverySource.file(ByteText(path)).list()
    }
    await #expect(
      throws: DiscoveryError(source: "/nonesuch", reason: "cannot be read: No such file or directory")
    ) {
      try await DiscoverySource.file("/nonesuch").list()
    }
  }

  @Test("a name in the DNS gives a node on each of its addresses")
  func dns() async throws {
    #expect(try await DiscoverySource.dns("app@localhost").list().contains("app@127.0.0.1"))
    await #expect(throws: DiscoveryError.self) {
      try await DiscoverySource.dns("app@no.such.host.invalid").list()
    }
    await #expect(throws: DiscoveryError.self) { try await DiscoverySource.dns("no node").list() }
  }

  @Test("discovery keeps what a source listed before while it fails, and leaves itself out")
  func discovery() async throws {
    let path = NSTemporaryDirectory() + "nodes-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try "app1@127.0.0.1\nme@127.0.0.1\n".write(toFile: path, atomically: true, encoding: .utf8)
    var configuration = LocalNodeConfiguration(name: "me@127.0.0.1", cookie: Cookie("secret"))
    configuration.epmd = nil
    configuration.logger.logLevel = .critical
    let discovery = try NodeDiscovery(
      node: try LocalNode(configuration), sources: [.nodes(["seed@127.0.0.1"]), .file(ByteText(path))],
      logger: configuration.logger)
    await discovery.look()
    #expect(discovery.nodes == ["seed@127.0.0.1", "app1@127.0.0.1"] && discovery.problems.isEmpty)
    try FileManager.default.removeItem(atPath: path)
    await discovery.look()
    #expect(discovery.nodes == ["seed@127.0.0.1", "app1@127.0.0.1"])
    #expect(discovery.problems == ["\(path) cannot be read: No such file or directory"])
  }
}

private actor Asked {
  private(set) var count = 0

  func next() -> [ByteText] {
    count += 1
    return ["x@127.0.0.1"]
  }
}
