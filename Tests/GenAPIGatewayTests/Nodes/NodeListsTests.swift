import GenAPIValue
import Locking
import Testing

@testable import GenAPIGateway

@Suite("Nodes that a function of the service lists")
struct NodeListsTests {
  private static let list = FunctionReference("Svc", "nodes", ["chat"])

  private func fixture() throws -> GatewayFixture {
    let fixture = try GatewayFixture()
    try fixture.push("where", nodes: .function(Self.list))
    for (name, registry) in fixture.nodes {
      registry.register("Svc.where") { _ in .ok(.string(ByteText(name))) }
    }
    return fixture
  }

  private func call(_ fixture: GatewayFixture) async -> Value? { await fixture.ask("where")?.result }

  private func serve(_ fixture: GatewayFixture, _ asked: Counter, _ names: [Value]) {
    fixture.nodes["a@test"]?.register("Svc.nodes") { call in
      asked.count.withLock { $0 += 1 }
      return call.arguments == ["chat"] ? .ok(.array(names)) : .error(FunctionError("wrong arguments"))
    }
  }

  private final class Counter: Sendable { let count = Mutex(0) }

  @Test("it is asked where the service is, once in five seconds, and its nodes are called")
  func asked() async throws {
    let fixture = try fixture()
    let asked = Counter()
    serve(fixture, asked, ["b@test"])
    for _ in 0..<10 { #expect(await call(fixture) == "b@test") }
    #expect(asked.count.withLock { $0 } == 1)
    serve(fixture, asked, ["a@test"])
    fixture.clock.advance(by: .milliseconds(NodeLists.freshMs))
    // What was known serves the one that finds it old.
    #expect(await call(fixture) == "b@test")
    while await call(fixture) != "a@test" { await Task.yield() }
    #expect(asked.count.withLock { $0 } == 2)
  }

  @Test("many that need it at once ask once")
  func together() async throws {
    let fixture = try fixture()
    let asked = Counter()
    serve(fixture, asked, ["b@test"])
    await withTaskGroup(of: Value?.self) { group in
      for _ in 0..<100 { group.addTask { await call(fixture) } }
      for await answer in group { #expect(answer == "b@test") }
    }
    #expect(asked.count.withLock { $0 } == 1)
  }

  @Test("the last answer serves for ten minutes while nobody answers; then the cause is said")
  func stale() async throws {
    let fixture = try fixture()
    fixture.gateway.showsErrorDetail = true
    let asked = Counter()
    serve(fixture, asked, ["b@test"])
    #expect(await call(fixture) == "b@test")
    fixture.cluster.setUp("a@test", false)
    fixture.clock.advance(by: .milliseconds(NodeLists.freshMs))
    #expect(await call(fixture) == "b@test")
    fixture.clock.advance(by: .milliseconds(NodeLists.staleMs))
    fixture.cluster.setUp("b@test", false)
    let response = await fixture.ask("where")
    #expect(response?.error?.string.contains("Svc.nodes on ") == true, "\(response as Any)")
    #expect(response?.error?.string.contains("nodedown") == true, "\(response as Any)")
  }

  @Test(
    "an answer that is no list of names is said to be none",
    arguments: [["x": 1], [1], "b@test", nil] as [Value])
  func wrong(_ answer: Value) async throws {
    let fixture = try fixture()
    fixture.gateway.showsErrorDetail = true
    fixture.nodes["a@test"]?.register("Svc.nodes") { _ in .ok(answer) }
    let response = await fixture.ask("where")
    #expect(response?.error?.string.contains("must answer a list of nodes") == true, "\(response as Any)")
  }
}
