import GenAPIValue
import Testing

@testable import GenAPIGateway

@Suite("Names of nodes, at every door")
struct NodeNameTests {
  private static let wrong: [ByteText] = [
    "a@b@c", "noat", "@", "a@", "@b", "a b@c", "a@h\n", "a\u{1b}[31m@h", "a\u{202e}@h",
    ByteText(String(repeating: "a", count: 254) + "@h"),
  ]

  private static let said = "which is no name of a node: it must be name@host"

  @Test("what is no name@host is refused where it comes in, and the words name it", arguments: wrong)
  func refused(_ name: ByteText) async throws {
    let names: [ByteText] = ["a@test", name]
    let config = FunctionConfig(
      service: "s", requestType: "t", nodes: .list(names), function: FunctionReference("M", "f"))
    let push = PushConfig(service: "s", nodes: names, configVersion: "1", functions: [config])
    let pull = PullSource(service: "s", nodes: .list(names), function: FunctionReference("M", "f"))
    for faults in [config.validate(), push.validate(), pull.validate()] {
      #expect(faults.count == 1 && faults[0].string.contains(Self.said), "\(faults)")
      #expect(faults[0].string.unicodeScalars.allSatisfy { !$0.isHidden }, "\(faults)")
      #expect(faults[0].byteCount < 200)
    }
    let fixture = try GatewayFixture()
    #expect(throws: PushError.self) { try fixture.gateway.receiver.push(push) }
    #expect(throws: ConfigStoreError.self) { try fixture.gateway.configs.add(config) }
    #expect(fixture.gateway.configs.count == 0 && fixture.gateway.receiver.pushedVersions.isEmpty)
    // A function that lists the nodes.
    fixture.gateway.showsErrorDetail = true
    fixture.nodes["a@test"]?.register("Svc.nodes") { _ in .ok(.array(names.map(Value.string))) }
    try fixture.push("where") { $0.nodes = .function(FunctionReference("Svc", "nodes")) }
    let error = await fixture.ask("where")?.error
    #expect(error?.string.contains("must answer a list of nodes") == true, "\(error as Any)")
  }

  @Test(
    "names that nodes have are taken",
    arguments: ["a@b", "user-svc@10.0.0.2", "app_1@host.example.org", "x@::1", "größe@host"] as [ByteText])
  func taken(_ name: ByteText) {
    let config = FunctionConfig(
      service: "s", requestType: "t", nodes: .list([name]), function: FunctionReference("M", "f"))
    #expect(config.validate() == [])
  }
}
