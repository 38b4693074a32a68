import ErlangNode
import GenAPIFiles
import GenAPIGateway
import GenAPITesting
import GenAPIValue
import Logging
import TestRandom
import Testing

@testable import GenAPICluster
@testable import GenAPIServer

/// Configurations of any form, as text and as terms, are refused or do no harm when they are used.
@Suite("Configurations of any form")
struct ConfigFuzzTests {
  private static let lines = [
    "[auth]", "mode = \"anonymous\"", "auth.mode = \"anonymous\"", "[websocket]", "listen = \"127.0.0.1:0\"",
    "topics = [\n\"api:*\",\n[],\n]", "[[functions]]", "[functions.arg_types]", "service = \"s\"",
    "request_type = \"t\"", "mfa = \"Builtin.time\"", "mfa = { function = \"Builtin.add\", args = [1, [2]] }",
    "arg_types = { a = { string = 4 }, b = { type = \"num\", default_value = 1 } }",
    "arg_orders = [\"a\", \"b\"]",
    "retry = { same_node = 2 }", "retry = 1000000000000000", "hook_timeout = 4611686018427387904",
    "timeout = -9223372036854775808", "nodes = [\"a@b\"]", "nodes = { function = \"A.b\" }",
    "[[rate_limiter.global_limits]]", "key = \"user_id\"", "max_requests = 9223372036854775807",
    "window_ms = 2073600000", "[[pull.services]]", "module = \"A\"", "function = \"b\"", "[cluster]",
    "name = \"a@127.0.0.1\"", "cookie = \"c\"", "[[cluster.nodes]]", "roles = [\"r\"]", "# comment", "[#",
    "x = '''",
    "= 1", "a = ", "\u{301}", "a = \"\u{301}\u{316}\u{301}\"", "version = \"1.\u{301}\"", "disabled = true",
    "response_type = \"stream\"", "choose_node_mode = { hash = \"a\" }", "check_permission = { role = [] }",
  ]

  private static var silent: Logger {
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    return logger
  }

  @Test("as TOML", .timeLimit(.minutes(5)))
  func texts() async throws {
    var random = SeededRandom(seed: 19)
    var served = 0
    for _ in 0..<400 {
      var text = Int.random(in: 0..<2, using: &random) == 0 ? "auth.mode = \"anonymous\"\n" : ""
      for _ in 0..<Int.random(in: 1...12, using: &random) {
        text += Self.lines.randomElement(using: &random)! + (Bool.random(using: &random) ? "\n" : "\r\n")
      }
      if Int.random(in: 0..<3, using: &random) == 0 {
        let index = text.unicodeScalars.indices.randomElement(using: &random)!
        text.unicodeScalars.remove(at: index)
      }
      do throws(ConfigurationFaultList) {
        let read = try ServerConfiguration(toml: text, file: "g.toml", environment: [:])
        let gateway = try? Gateway(configuration: read.gateway)
        for function in read.functions { try? gateway?.configs.add(function) }
        served += 1
        _ = gateway?.currentState()
      } catch {
        #expect(!error.faults.isEmpty && error.faults.allSatisfy { !$0.reason.isEmpty })
      }
      _ = try? FunctionConfigFile.read(text, .toml, file: "f.toml")
    }
    #expect(served > 0)
  }

  @Test("as terms that a service pushes", .timeLimit(.minutes(5)))
  func terms() async throws {
    var random = SeededRandom(seed: 20)
    let clock = VirtualClock()
    let cluster = InMemoryCluster(clock: clock)
    cluster.add("a@test", FunctionRegistry())
    var settings = GatewayConfiguration(node: "gw@test")
    settings.logger = Self.silent
    let gateway = try Gateway(configuration: settings, remote: cluster, clock: clock)
    let mover = Task {
      while !Task.isCancelled {
        if clock.sleeperCount > 0 { clock.advance(by: .milliseconds(100_000)) }
        await Task.yield()
      }
    }
    defer { mover.cancel() }
    var stored = 0
    for _ in 0..<500 {
      let push = Self.push(using: &random)
      var bytes = TermEncoder().encode(push)
      if Int.random(in: 0..<3, using: &random) == 0 {
        for _ in 0..<Int.random(in: 1...4, using: &random) {
          bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
        }
      }
      guard let term = try? TermDecoder().decode(bytes), let value = try? ElixirConfig.pushValue(of: term),
        let config = try? PushConfig(value),
        case .accepted(let count, _)? = try? gateway.receiver.push(config, force: true), count > 0
      else { continue }
      stored += count
      for function in config.functions.prefix(2) {
        let request = Request(
          service: function.service, requestType: function.requestType, requestID: "1", args: ["a": 1],
          version: function.version)
        _ = await gateway.execute(request)
      }
    }
    #expect(stored > 20)
    let long = gateway.configs.failedConfigs().filter {
      $0.service.byteCount > 256 || ($0.requestType?.byteCount ?? 0) > 256
        || $0.reasons.contains { $0.byteCount > 1_024 }
    }
    #expect(long.isEmpty)
  }

  /// A push that is nearly right.
  private static func push(using random: inout SeededRandom) -> Term {
    func atom(_ name: ByteText) -> Term { .atom(name) }
    var pairs: [(key: Term, value: Term)] = [
      (atom("service"), .text("s")), (atom("request_type"), .text("t")),
      (atom("response_type"), atom("sync")),
      (atom("mfa"), .tuple([atom("Elixir.S"), atom("f"), .list([])])),
      (atom("nodes"), .list([atom("a@test")])),
    ]
    for field in [
      "timeout", "retry", "hook_timeout", "version", "arg_types", "request_type", "service", "nodes",
    ]
    where Int.random(in: 0..<4, using: &random) == 0 {
      pairs.removeAll { $0.key == atom(ByteText(field)) }
      pairs.append((atom(ByteText(field)), value(using: &random, depth: 0)))
    }
    return .map(
      TermMap([
        (key: atom("service"), value: .text("s")), (key: atom("nodes"), value: .list([atom("a@test")])),
        (key: atom("config_version"), value: .text("1")),
        (key: atom("fun_configs"), value: .list([.map(TermMap(pairs))])),
      ]))
  }

  private static func value(using random: inout SeededRandom, depth: Int) -> Term {
    switch Int.random(in: 0..<(depth > 2 ? 5 : 8), using: &random) {
    case 0: return .integer(ExtremeNumberTests.numbers.randomElement(using: &random)!)
    case 1: return .integer(Int64.random(in: 1...400_000, using: &random))
    case 2: return .atom(["nil", "infinity", "true", "map", "string", "sync"].randomElement(using: &random)!)
    case 3:
      let marks = String(
        repeating: "\u{301}\u{316}", count: [0, 1, 100, 2_000].randomElement(using: &random)!)
      return .text(ByteText("a" + marks))
    case 4: return .float(Double.random(in: -1e300...1e300, using: &random))
    case 5:
      let tag: ByteText = ["same_node", "all_nodes", "hash", "string", "map"].randomElement(using: &random)!
      return .tuple([.atom(tag), value(using: &random, depth: depth + 1)])
    case 6:
      return .list(
        (0..<Int.random(in: 0...3, using: &random)).map { _ in value(using: &random, depth: depth + 1) })
    default:
      return .map(
        TermMap([
          (key: .text("a"), value: value(using: &random, depth: depth + 1)),
          (key: .atom("max_bytes"), value: value(using: &random, depth: depth + 1)),
        ]))
    }
  }
}
