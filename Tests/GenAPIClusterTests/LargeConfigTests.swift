import ErlangNode
import GenAPIGateway
import GenAPIValue
import Testing

@testable import GenAPICluster

@Suite("What is large where a plain value belongs", .serialized)
struct LargeConfigTests {
  private static let list = Term.list(Array(repeating: .atom("an_atom"), count: 200_000))
  private static let map = Term.map(
    TermMap((0..<50_000).map { (key: .integer(Int64($0)), value: .integer(1)) }))

  private static func fields(_ fields: [ByteText: Term]) -> Term {
    .map(TermMap(fields.map { (key: .atom($0.key), value: $0.value) }))
  }

  /// Values that it consists of.
  private static func size(_ value: Value) -> Int {
    switch value {
    case .array(let items): items.reduce(1) { $0 + size($1) }
    case .object(let object): object.values.reduce(1) { $0 + size($1) }
    default: 1
    }
  }

  @Test(
    "only the beginning of it is read, and told, of a push and of a function's config",
    arguments: [true, false])
  func beginning(_ isMap: Bool) throws {
    let large = isMap ? Self.map : Self.list
    for term in [large, .tuple([large, large]), .list([.list([large])])] {
      for name in ["push_token", "config_version", "service", "module", "version_function", "zzz"]
        as [ByteText]
      {
        let value = try #require(try ElixirConfig.pushValue(of: Self.fields([name: term])))
        #expect(Self.size(value) <= TermValue.mostOfSample + 3, "\(name)")
      }
      for name in ["timeout", "version", "response_type", "hook_timeout", "disabled", "zzz"] as [ByteText] {
        let map = TermMap([
          (key: .atom("request_type"), value: .text("f")),
          (key: .atom("mfa"), value: .tuple([.atom("Elixir.S"), .atom("f"), .list([])])),
          (key: .atom(name), value: term),
        ])
        let value = try #require(ElixirConfig.value(of: map))
        #expect(Self.size(value) <= TermValue.mostOfSample + 8, "\(name)")
        do {
          _ = try FunctionConfig(value)
          #expect(name == "zzz")
        } catch {
          #expect(error.faults.count == 1 && error.faults[0].hasPrefix("\(name) must be "), "\(error)")
          #expect(error.faults.allSatisfy { $0.byteCount < 200 }, "\(error)")
        }
      }
    }
  }

  @Test("a push token of a wrong type is not repeated to whoever reads why a push was refused")
  func secret() throws {
    let push = Self.fields([
      "service": .text("s"), "config_version": .text("1"), "push_token": .list([.text("hush")]),
    ])
    let value = try #require(try ElixirConfig.pushValue(of: push))
    do {
      _ = try PushConfig(value)
      Issue.record("it was taken")
    } catch {
      #expect(error.faults == ["push_token must be a string, not an array"])
    }
  }

  @Test("pushes are read on threads of their own: what answers /livez does not wait for them")
  func threads() async throws {
    var configuration = LocalNodeConfiguration(name: "gateway@127.0.0.1", cookie: Cookie("secret"))
    configuration.epmd = nil
    configuration.logger.logLevel = .critical
    let node = try LocalNode(configuration)
    var settings = GatewayConfiguration(node: "gateway@127.0.0.1")
    settings.logger.logLevel = .critical
    let gateway = try Gateway(configuration: settings, remote: ErlangCluster(node: node))
    let threads = WorkThreads(name: "test", steady: 1, most: 1)
    ConfigService(gateway: gateway, threads: threads).serve(on: node)
    try await node.start()
    configuration.name = "other@127.0.0.1"
    configuration.fixedPorts = ["gateway@127.0.0.1": node.port ?? 0]
    let other = try LocalNode(configuration)
    #expect(threads.count == 0)
    let answer = try await other.call(
      "gateway@127.0.0.1", "Elixir.PhoenixGenApi.ConfigReceiver", "push", [.map(TermMap([]))])
    #expect(answer.tupleElements?.first == .atom("error"), "\(answer.erlangText)")
    #expect(threads.count == 1)
    await other.stop()
    await node.stop()
  }
}
