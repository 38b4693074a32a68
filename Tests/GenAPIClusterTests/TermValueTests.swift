import ErlangNode
import GenAPIGateway
import GenAPIValue
import Testing

@testable import GenAPICluster

@Suite("Terms as values")
struct TermValueTests {
  private func map(_ pairs: [(String, Term)]) -> TermMap {
    TermMap(pairs.map { (key: .atom(ByteText($0.0)), value: $0.1) })
  }

  @Test(
    "values become terms and come back",
    arguments: [
      Value.null, true, 7, 2.5, "hé", .bytes([255, 0]), [1, "x", nil], ["a": ["b": [1]]],
    ])
  func roundTrip(_ value: Value) { #expect(TermValue.value(TermValue.term(value)) == value) }

  @Test("atoms, tuples, structs and Elixir's times read as what they say")
  func reading() {
    #expect(TermValue.value(.atom("Elixir.MyApp.User")) == "MyApp.User")
    #expect(TermValue.value(.tuple([.atom("ok"), .integer(1)])) == ["ok", 1])
    #expect(
      TermValue.value(.map(map([("__struct__", .atom("Elixir.User")), ("id", .text("1"))]))) == ["id": "1"])
    let time = map([
      ("__struct__", .atom("Elixir.DateTime")), ("year", .integer(2025)), ("month", .integer(1)),
      ("day", .integer(15)),
      ("hour", .integer(9)), ("minute", .integer(5)), ("second", .integer(0)),
      ("microsecond", .tuple([.integer(1_500), .integer(6)])), ("utc_offset", .integer(3_600)),
      ("std_offset", .integer(0)),
    ])
    #expect(TermValue.value(.map(time)) == "2025-01-15T09:05:00.001500+01:00")
  }

  @Test("every field of a %FunConfig{} is read")
  func config() throws {
    func key(_ mode: String) -> Term { .tuple([.atom(ByteText(mode)), .text("user_id")]) }
    let module = Term.atom("Elixir.MyApp.Api")
    let term = Term.map(
      map([
        ("__struct__", .atom("Elixir.PhoenixGenApi.Structs.FunConfig")), ("request_type", .text("get_user")),
        ("service", .atom("user_service")), ("nodes", .list([.atom("a@h"), .atom("b@h")])),
        ("choose_node_mode", key("hash")), ("timeout", .atom("infinity")),
        ("mfa", .tuple([module, .atom("get"), .list([.integer(1)])])),
        (
          "arg_types",
          .map(
            TermMap([
              (key: .text("user_id"), value: .tuple([.atom("string"), .integer(64)])),
              (
                key: .text("tags"),
                value: .list([
                  .tuple([.atom("type"), .atom("list_string")]), .tuple([.atom("max_items"), .integer(5)]),
                  .tuple([.atom("allow_nil?"), .atom("true")]),
                ])
              ),
            ]))
        ),
        ("arg_orders", .list([.text("user_id"), .text("tags")])), ("response_type", .atom("async")),
        ("check_permission", .tuple([.atom("role"), .list([.text("admin")])])),
        ("permission_callback", .tuple([module, .atom("may"), .list([])])), ("request_info", .atom("true")),
        ("version", .text("1.2.0")), ("disabled", .atom("false")),
        ("retry", .tuple([.atom("same_node"), .integer(2)])),
        ("before_execute", .tuple([module, .atom("before")])), ("after_execute", .atom("nil")),
        ("hook_timeout", .integer(100)),
      ]))
    let config = try FunctionConfig(ElixirConfig.value(of: term))
    #expect(config.validate() == [])
    #expect(
      config.service == "user_service" && config.nodes == .list(["a@h", "b@h"]) && config.timeout == nil)
    #expect(
      config.chooseNode == .hashKey("user_id")
        && config.function == FunctionReference("MyApp.Api", "get", [1]))
    #expect(config.arguments["user_id"] == ArgumentSpec(.string, maxBytes: 64))
    #expect(config.arguments["tags"] == ArgumentSpec(.listString, maxItems: 5, allowsNil: true))
    #expect(
      config.responseType == .async && config.permission == .role(["admin"]) && config.passesRequestInfo)
    #expect(
      config.permissionCallback == FunctionReference("MyApp.Api", "may") && config.retry == .sameNode(2))
    #expect(config.beforeExecute == FunctionReference("MyApp.Api", "before") && config.afterExecute == nil)
    #expect(config.hookTimeout == .milliseconds(100) && config.version == "1.2.0")
  }

  @Test("a result that looks like a config is what it is, and a config where one is asked for")
  func lookalike() throws {
    let term = Term.map(
      map([
        ("request_type", .text("audit")), ("mfa", .text("totp")), ("nodes", .atom("nil")),
        ("id", .integer(7)),
      ]))
    let value: Value = ["id": 7, "mfa": "totp", "nodes": nil, "request_type": "audit"]
    for answer in [term, .tuple([.atom("ok"), term])] {
      guard case .ok(let found) = ElixirAnswer.result(answer) else {
        Issue.record("no result")
        continue
      }
      #expect(found["nodes"] == .null && found["mfa"] == "totp", "\(found.json)")
      #expect(found.object?.count == value.object?.count)
    }
    #expect(TermValue.value(.list([term])).array?.first?["nodes"] == .null)
    guard case .ok(let config) = ElixirAnswer.result(.list([term]), readsConfigs: true) else { return }
    #expect(config.array?.first?["nodes"] == nil)
  }

  @Test("the bounds of an argument are written and read as Elixir has options")
  func bounds() throws {
    var config = FunctionConfig(
      service: "s", requestType: "t", nodes: .list(["a@h"]), function: FunctionReference("MyApp.Api", "get"))
    config.arguments = [
      "n": ArgumentSpec(.num, min: -1, max: 9.5, isWhole: true),
      "l": ArgumentSpec(.listNum, min: 0, maxItems: 3),
      "t": ArgumentSpec(.string, maxBytes: 64),
    ]
    let term = ElixirConfigTerm().term(of: config)
    #expect(
      term.map?[atom: "arg_types"]?.map?[.text("l")]
        == .list([
          .tuple([.atom("type"), .atom("list_num")]), .tuple([.atom("min"), .int(0)]),
          .tuple([.atom("max_items"), .int(3)]),
        ]))
    #expect(try FunctionConfig(ElixirConfig.value(of: term)).arguments == config.arguments)
  }

  @Test("a sticky key in Erlang's terms is the gateway's key of that name")
  func sticky() throws {
    for name in RequestKey.Field.allCases.map(\.rawValue) + ["arg(user_id)", "claim(tenant)", "tenant"] {
      let term = Term.map(
        map([
          ("service", .text("s")), ("request_type", .text("t")), ("nodes", .list([.atom("a@h")])),
          ("choose_node_mode", .tuple([.atom("sticky"), .text(ByteText(name))])),
          ("mfa", .tuple([.atom("Elixir.MyApp.Api"), .atom("get"), .list([])])),
        ]))
      #expect(
        try FunctionConfig(ElixirConfig.value(of: term)).chooseNode
          == .sticky(RequestKey(ByteText(name))))
    }
  }
}
