import ErlangNode
import GenAPIValue
import Testing

@testable import GenAPICluster
@testable import GenAPIGateway

@Suite("What terms of a config must not hold", .serialized)
struct ConfigTermsTests {
  private static let export = Term.export(module: "os", function: "cmd", arity: 1)
  /// What a closure begins with; nobody reads on.
  private static let closure = Term.opaqueFun([112, 0, 0, 0, 4])
  private static let pid = Term.pid(Pid(node: "a@test", id: 1, serial: 2, creation: 3))
  private static let mark = Term.reference(Reference(node: "a@test", creation: 1, ids: [1, 2, 3]))

  private static func fields(_ fields: [ByteText: Term]) -> Term {
    .map(TermMap(fields.map { (key: .atom($0.key), value: $0.value) }))
  }

  private static func config(_ type: ByteText, _ fields: [ByteText: Term]) -> Term {
    var all: [ByteText: Term] = [
      "__struct__": .atom("Elixir.PhoenixGenApi.Structs.FunConfig"), "service": .text("s"),
      "request_type": .text(type), "nodes": .list([.atom("a@test")]), "arg_types": .map(TermMap([])),
      "arg_orders": .list([]), "mfa": .tuple([.atom("Elixir.S"), .atom("f"), .list([])]),
    ]
    for (name, value) in fields { all[name] = value }
    return Self.fields(all)
  }

  private static func push(_ configs: [Term], _ fields: [ByteText: Term] = [:]) -> Term {
    var all: [ByteText: Term] = [
      "service": .text("s"), "nodes": .list([.atom("a@test")]), "config_version": .text("1"),
      "fun_configs": .list(configs),
    ]
    for (name, value) in fields { all[name] = value }
    return Self.fields(all)
  }

  private static func reference(_ arguments: Term...) -> Term {
    .tuple([.atom("lists"), .atom("map"), .list(arguments)])
  }

  private static func structure(_ module: ByteText, _ fields: [ByteText: Term] = [:]) -> Term {
    var all = fields
    all["__struct__"] = .atom(module)
    return Self.fields(all)
  }

  private typealias Case = (field: ByteText, term: Term, words: String)

  /// Of a field that names a function.
  private static func cases(ofReference field: ByteText) -> [Case] {
    // Looked at once more at each level it would never end.
    let nested = (0..<100).reduce(closure) { term, level in
      level.isMultiple(of: 2) ? .tuple([term]) : .list([.integer(1), term])
    }
    let deep = Term.list([fields(["deep": nested])])
    let stream = structure("Elixir.File.Stream", ["path": .text("/etc/passwd")])
    return [
      (field, reference(export, .text("id")), "\(field) holds a fun, fun os:cmd/1"),
      (field, reference(deep), "\(field) holds a fun"), (field, export, "\(field) holds a fun"),
      (field, reference(stream), "\(field) holds a struct of Elixir.File.Stream"),
      (field, .tuple([pid, .atom("f"), .list([])]), "\(field) holds a process"),
    ]
  }

  private static func argument(default value: Term) -> Term {
    let options: [Term] = [
      .tuple([.atom("type"), .atom("any")]), .tuple([.atom("default_value"), value]),
    ]
    return .map(TermMap([(key: .text("x"), value: .list(options))]))
  }

  private static let others: [Case] = [
    ("arg_types", argument(default: closure), "arg_types holds a fun"),
    ("arg_types", argument(default: pid), "arg_types holds a process"),
    ("arg_orders", .list([export]), "arg_orders holds a fun"), ("service", pid, "service holds a process"),
    ("request_type", mark, "request_type holds a reference"),
    ("version", .port(Port(node: "a@test", id: 1, creation: 1)), "version holds a port"),
    ("check_permission", .tuple([.atom("role"), .list([pid])]), "check_permission holds a process"),
    ("choose_node_mode", .tuple([.atom("hash"), closure]), "choose_node_mode holds a fun"),
    ("anything", closure, "anything holds a fun"),
  ]

  /// In whichever field, an integer that no value holds.
  private static let endlessOnes: [Case] =
    (["version", "service", "request_type", "timeout", "retry", "hook_timeout", "arg_types", "nodes"]
    as [ByteText]).map { field in
      let term = field == "arg_types" ? argument(default: endless) : endless
      return (field, term, "\(field) holds an integer of more than 1000 digits")
    }

  /// 33 807 digits.
  private static let endless = Term.bigInteger(
    BigInteger(isNegative: false, magnitude: [UInt8](repeating: 7, count: 14_039)))

  /// Fields of a function that are refused, with words of the reason.
  private static let refused: [Case] =
    ElixirConfig.references.sorted().flatMap { cases(ofReference: $0) } + others + endlessOnes

  @Test(
    "a fun, a denied struct, or what is no data is refused in words in whichever field, and the others are taken"
  )
  func push() async throws {
    try await ConsoleFixture().with { fixture in
      for (field, term, words) in Self.refused {
        let bad = Self.config("bad", [field: term])
        let answer = try await fixture.call("PhoenixGenApi.ConfigReceiver.push", Self.push([bad]))
        let text = answer.erlangText
        #expect(text.contains("all_invalid") && text.contains(words), "\(field): \(text)")
        #expect(fixture.gateway.configs.count == 0)
        let both = Self.push([bad, Self.config("good", [:])], ["config_version": .text("2")])
        #expect(
          try await fixture.call("PhoenixGenApi.ConfigReceiver.push", both, .atom("true"))
            == .tuple([.atom("ok"), .atom("accepted")]))
        #expect(fixture.gateway.configs.configs(of: "s").map(\.requestType) == ["good"])
        let failed = try #require(fixture.gateway.configs.failedConfigs().last)
        #expect(failed.reasons.contains { $0.string.contains(words) }, "\(failed.reasons)")
        fixture.gateway.configs.clear()
        fixture.gateway.receiver.forget("s")
      }
    }
  }

  @Test("a push whose own fields hold a fun, or a process where a text belongs, is refused in words")
  func fields() async throws {
    try await ConsoleFixture().with { fixture in
      for (field, term, words) in [
        ("service", Self.pid, "service holds a process"),
        ("config_version", Self.pid, "config_version holds a process"),
        ("config_version", Self.closure, "config_version holds a fun"),
        ("config_version", Self.endless, "config_version holds an integer of more than 1000 digits"),
        ("nodes", .list([Self.mark]), "nodes holds a reference"),
        ("args", .list([Self.export]), "args holds a fun"),
        ("version_args", .list([.tuple([Self.closure])]), "version_args holds a fun"),
        ("fun_configs", Self.closure, "fun_configs holds a fun"),
      ] as [(ByteText, Term, String)] {
        let answer = try await fixture.call(
          "PhoenixGenApi.ConfigReceiver.push", Self.push([Self.config("f", [:])], [field: term]))
        let text = answer.erlangText
        #expect(text.contains("validation_failed") && text.contains(words), "\(field): \(text)")
      }
      #expect(fixture.gateway.receiver.pushedVersions.isEmpty && fixture.gateway.configs.count == 0)
    }
  }

  @Test("processes and references among arguments, and structs of a service's own or of values, are taken")
  func taken() throws {
    let arguments: [Term] = [
      Self.pid, Self.mark, Self.structure("Elixir.MyApp.Options", ["pattern": Self.mark]),
      Self.structure("Elixir.Date", ["year": .integer(1)]),
      .tuple([.atom("Elixir.MyApp"), .atom("f"), .list([])]),
    ]
    let term = Self.config("f", ["mfa": .tuple([.atom("Elixir.S"), .atom("f"), .list(arguments)])])
    let value = try #require(term.map.flatMap(ElixirConfig.value))
    let config = try FunctionConfig(value)
    #expect(config.validate() == [] && config.function.arguments.count == 5)
    #expect(try ArgumentTerms.terms(of: config.function) == arguments)
  }

  @Test("a config that is pulled, or that a hook answers, is refused for it too")
  func pulled() throws {
    let term = Term.tuple([.atom("ok"), .list([Self.config("f", ["mfa": Self.reference(Self.closure)])])])
    guard case .ok(let value) = ElixirAnswer.result(term, readsConfigs: true) else {
      Issue.record("no answer")
      return
    }
    let item = try #require(value.array?.first)
    var unknown: [ByteText] = []
    do {
      _ = try FunctionConfig(fromNode: item, unknown: &unknown)
      Issue.record("it was taken")
    } catch {
      #expect(error.faults == ["mfa holds a fun, #Fun, and a config only names functions"])
    }
    #expect(unknown == [] && item["request_type"] == "f")
    #expect(throws: ConfigFaults.self) { try FunctionConfig(item) }
  }

  @Test("an answer repeats little of what it refuses, however much that is, and tells few of many faults")
  func short() async throws {
    let long = Term.text(ByteText(String(repeating: "x", count: 1_000_000)))
    let name = ByteText(String(repeating: "y", count: 5_000))
    let types = Term.map(
      TermMap(
        (0..<300).map {
          (key: .text("\(name)\($0)"), value: .tuple([.atom(name.prefix(bytes: 200)), .text("1")]))
        }))
    let pushes: [Term] = [
      Self.push((0..<5).map { _ in Self.config("f", ["request_type": long]) }),
      Self.push(
        (0..<300).map { Self.config("f\($0)", ["mfa": .tuple([.text(name), .atom("f"), .list([])])]) }),
      Self.push([Self.config("f", ["service": long, "version": long])]),
      Self.push([Self.config("f", ["arg_orders": .list((0..<9).map { _ in long })])]),
      Self.push([Self.config("f", ["arg_types": types])]),
      Self.push([Self.config("f", ["check_permission": .tuple([.atom("arg"), long])])]),
      Self.push([Self.config("f", ["mfa": Self.reference(Self.export)])], ["config_version": long]),
      Self.push([Self.config("f", [:])], ["service": long]),
    ]
    try await ConsoleFixture().with { fixture in
      for (index, push) in pushes.enumerated() {
        let answer = try await fixture.call("PhoenixGenApi.ConfigReceiver.push", push)
        let reasons = try #require(answer.tupleElements?.last?.tupleElements?.last?.listElements)
        #expect((1...101).contains(reasons.count), "\(index)")
        for reason in reasons {
          let text = try #require(reason.text?.string)
          let repeated = text.filter { $0 == "x" || $0 == "y" }.count
          #expect(text.utf8.count <= 1_024 && repeated <= 280, "\(index): \(text)")
        }
      }
    }
  }
}
