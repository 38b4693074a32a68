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

  @Test(
    "of fields that hold lists and maps no more is read, either: what is larger than a config may be is told by its field"
  )
  func beyond() throws {
    for large in [Self.list, Self.map, .tuple([Self.list]), .list([Self.map, Self.list])] {
      for name in ElixirConfig.largeFields.sorted() {
        let map = TermMap([
          (key: .atom("request_type"), value: .text("f")),
          (key: .atom("mfa"), value: .tuple([.atom("Elixir.S"), .atom("f"), .list([])])),
          (key: .atom(name), value: large),
        ])
        let value = ElixirConfig.value(of: .map(map))
        #expect(Self.size(value) <= 8, "\(name)")
        #expect(throws: ConfigFaults(faults: ["\(name) \(ConfigTerms.largeWords)"])) {
          try FunctionConfig(value)
        }
      }
      for name in ["nodes", "args", "version_args"] as [ByteText] {
        #expect(throws: ConfigFaults(faults: ["\(name) \(ConfigTerms.largeWords)"])) {
          try ElixirConfig.pushValue(of: Self.fields([name: large]))
        }
      }
      // As one of the functions, and in place of them.
      #expect(Self.size(ElixirConfig.values(of: .list([large]))) <= TermValue.mostOfSample + 3)
      if large != Self.list, large.listElements == nil {
        #expect(Self.size(ElixirConfig.values(of: large)) <= TermValue.mostOfSample + 3)
      }
    }
    // A map in which some keys are not read would be another config than the one that was sent.
    let plain = Term.map(
      TermMap([
        (key: .text("request_type"), value: .text("f")), (key: .text("mfa"), value: .text("S.f")),
        (key: .text("check_permission"), value: .list([Self.list])),
      ]))
    #expect(throws: ConfigFaults(faults: ["it \(ConfigTerms.largeWords)"])) {
      try FunctionConfig(ElixirConfig.value(of: plain))
    }
    // What this gateway does not know may be as large as it likes, and has no fun all the same.
    #expect(ConfigTerms.faults(of: TermMap([(key: .atom("zzz"), value: Self.list)])) == [])
  }

  @Test("more functions than a list may have are told by their number, and more fields by theirs, unread")
  func tooMany() throws {
    #expect(ElixirConfig.values(of: Self.list) == .array(Array(repeating: .null, count: 200_000)))
    #expect(throws: ConfigFaults(faults: ["fun_configs has 200000 functions, allowed are 100000"])) {
      try ElixirConfig.pushValue(of: Self.fields(["fun_configs": Self.list]))
    }
    #expect(throws: ConfigFaults(faults: ["the push has 50000 fields, allowed are 1000"])) {
      try ElixirConfig.pushValue(of: Self.map)
    }
    #expect(
      ConfigTerms.faults(of: try #require(Self.map.map)) == ["it has 50000 fields, allowed are 1000"])
  }

  @Test("behind as many as are read in vain no more is read, and how many there were is told")
  func unreadable() throws {
    let fun = Term.export(module: "os", function: "cmd", arity: 1)
    func config(_ mfa: Term) -> Term {
      Self.fields(["request_type": .text("f"), "service": .text("s"), "mfa": mfa])
    }
    let mfa = Term.tuple([.atom("Elixir.S"), .atom("f"), .list([])])
    let good = config(mfa)
    // Each has a function, and is found out by another of its fields.
    let fields = FunctionConfig.fields.subtracting(["mfa", "request_type", "service"]).sorted().map { name in
      Self.fields([
        "request_type": .text("f"), "service": .text("s"), "mfa": mfa,
        name: .map(TermMap([(key: .text("x"), value: .float(0.5))])),
      ])
    }
    #expect(fields.count == 17)
    for bad in fields + [
      config(.tuple([.atom("Elixir.S"), .atom("f"), .list([fun])])), config(.list([.text("a")])), .atom("x"),
      .map(TermMap([])),
      Self.fields(["request_type": .text("f"), "zzz": .integer(1)]),
    ] {
      let items = [good] + Array(repeating: bad, count: 20_000) + [good]
      let values = try #require(ElixirConfig.values(of: .list(items)).array)
      #expect(values.count == items.count)
      #expect(
        values[1_001...].contains { !$0.isNull } && values[1_002...].allSatisfy(\.isNull), "\(bad.erlangText)"
      )
      let push = Self.fields([
        "service": .text("s"), "config_version": .text("1"), "nodes": .list([.text("a@b")]),
        "fun_configs": .list(items),
      ])
      let value = try #require(try ElixirConfig.pushValue(of: push))
      do {
        _ = try PushConfig(value)
        Issue.record("it was taken")
      } catch {
        #expect(
          error.faults.first
            == "1001 of the first 1002 functions cannot be read; the other 19000 were not looked at")
        #expect(error.faults.count == 101)
      }
    }
    // As many as may be are told by themselves, and what is among them is taken.
    let few = ElixirConfig.values(of: .list(Array(repeating: .atom("x"), count: 1_000) + [good]))
    #expect(few.array?.last?["mfa"] != nil)
  }

  @Test("the names of a push's fields hold no fun, as those of a function's config")
  func names() throws {
    let fun = Term.export(module: "os", function: "cmd", arity: 1)
    for key in [fun, .list([fun]), .tuple([.atom("a"), fun]), Self.fields(["a": fun])] {
      let push = Term.map(
        TermMap([(key: .atom("service"), value: .text("s")), (key: key, value: .integer(1))]))
      #expect(
        throws: ConfigFaults(faults: [
          "the name of a field holds a fun, fun os:cmd/1, and a config only names functions"
        ])
      ) { try ElixirConfig.pushValue(of: push) }
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
