import ErlangNode
import GenAPIGateway
import GenAPIValue
import Testing

@testable import GenAPICluster

@Suite("What services call on a gateway", .serialized)
struct ConfigServiceTests {
  private static let receiver = "Elixir.PhoenixGenApi.ConfigReceiver"

  @Test("a push is forgotten only for one that has the push token, in whichever form it is given")
  func delete() async throws {
    var configuration = LocalNodeConfiguration(name: "gateway@127.0.0.1", cookie: Cookie("secret"))
    configuration.epmd = nil
    configuration.logger.logLevel = .critical
    let gatewayNode = try LocalNode(configuration)
    var settings = GatewayConfiguration(node: "gateway@127.0.0.1")
    settings.pushToken = "token"
    settings.logger.logLevel = .critical
    let gateway = try Gateway(configuration: settings, remote: ErlangCluster(node: gatewayNode))
    ConfigService(gateway: gateway).serve(on: gatewayNode)
    try await gatewayNode.start()
    configuration.name = "other@127.0.0.1"
    configuration.fixedPorts = ["gateway@127.0.0.1": gatewayNode.port ?? 0]
    let other = try LocalNode(configuration)
    func delete(_ arguments: Term...) async throws -> Term {
      try await other.call(
        "gateway@127.0.0.1", ByteText(Self.receiver), "delete_pushed_service", [.text("s")] + arguments)
    }
    let refused = Term.tuple([.atom("error"), .atom("invalid_push_token")])
    let push = PushConfig(
      service: "s", nodes: ["a@test"], configVersion: "1",
      functions: [FunctionConfig(service: "s", requestType: "t", function: FunctionReference("S", "f"))],
      token: "token")
    let name = Term.atom("push_token")
    for wrong in [
      [], [.text("tokens")], [.list([.tuple([name, .text("x")])])],
      [.map(TermMap([(key: name, value: .text("x"))]))],
      [.atom("true")],
    ] as [[Term]] {
      try gateway.receiver.push(push, force: true)
      let answer = try await other.call(
        "gateway@127.0.0.1", ByteText(Self.receiver), "delete_pushed_service", [.text("s")] + wrong)
      #expect(answer == refused && gateway.receiver.verify(service: "s", version: "1") == .matched)
    }
    for right in [
      .text("token"), .list([.tuple([name, .text("token")])]),
      .map(TermMap([(key: name, value: .text("token"))])),
    ] as [Term] {
      try gateway.receiver.push(push, force: true)
      #expect(try await delete(right) == .atom("ok"))
      #expect(gateway.receiver.verify(service: "s", version: "1") == .notFound)
    }
    // What is no text is no service, whoever says so.
    try gateway.receiver.push(push, force: true)
    for service in [
      .integer(1), .atom("nil"), .tuple([.atom("s")]), .list([.integer(115)]), .binary([0xff]),
      .pid(Pid(node: "a@test", id: 1, serial: 2, creation: 3)),
    ] as [Term] {
      for token in ["token", "x"] as [ByteText] {
        let answer = try await other.call(
          "gateway@127.0.0.1", ByteText(Self.receiver), "delete_pushed_service", [service, .text(token)])
        #expect(answer == .tuple([.atom("error"), .atom("invalid_arguments")]), "\(service)")
      }
    }
    #expect(gateway.receiver.verify(service: "s", version: "1") == .matched)
    // What has another number of arguments is no function of the gateway's.
    func isThere(_ name: ByteText, _ count: Int) async -> Bool {
      do throws(CallError) {
        _ = try await other.call(
          "gateway@127.0.0.1", ByteText(Self.receiver), name, Array(repeating: .integer(1), count: count))
        return true
      } catch {
        return !error.description.contains("undef")
      }
    }
    for count in [0, 3, 9] {
      #expect(await !isThere("push", count), "\(count)")
      #expect(await !isThere("delete_pushed_service", count), "\(count)")
    }
    #expect(await isThere("push", 2))
    await other.stop()
    await gatewayNode.stop()
  }
}
