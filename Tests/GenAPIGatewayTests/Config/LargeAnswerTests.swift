import GenAPIValue
import InMemoryLogging
import Logging
import Testing

@testable import GenAPIGateway

@Suite("Large answers to pulls")
struct LargeAnswerTests {
  private func fixture() throws -> GatewayFixture {
    try GatewayFixture {
      $0.pull.services = [
        PullSource(service: "svc", nodes: .list(["a@test"]), function: FunctionReference("Svc", "configs"))
      ]
    }
  }

  private func lastError(_ fixture: GatewayFixture) -> ByteText? {
    fixture.gateway.currentState().services.first { $0.service == "svc" }?.lastError
  }

  @Test(
    "an answer of more configs than a push may have is refused by its length, and none of them is looked at")
  func tooMany() async throws {
    let fixture = try fixture()
    let items = Value.array(Array(repeating: .null, count: ConfigBounds.functionsOfPush + 1))
    fixture.nodes["a@test"]?.register("Svc.configs") { _ in .ok(items) }
    await fixture.gateway.puller.pull("svc")
    #expect(lastError(fixture) == "a@test: Svc.configs answered 100001 configs, allowed are 100000")
    #expect(fixture.gateway.configs.failedConfigs().isEmpty)
  }

  @Test("of many that cannot be read each is noted once, however often it is found again")
  func noted() async throws {
    let fixture = try fixture()
    let many = ConfigBounds.unreadable
    let good = FunctionConfig(service: "svc", requestType: "x", function: FunctionReference("Svc", "x")).value
    fixture.nodes["a@test"]?.register("Svc.configs") { _ in
      .ok(.array((0..<many).map { ["request_type": .string("t\($0)"), "mfa": 5] } + [good]))
    }
    for _ in 0..<2 {
      await fixture.gateway.puller.pull("svc")
      let failed = fixture.gateway.configs.failedConfigs()
      #expect(failed.map(\.requestType) == (0..<many).map { "t\($0)" })
      #expect(zip(failed, failed.dropFirst()).allSatisfy { $0.id < $1.id })
      #expect(lastError(fixture) == nil)
    }
    #expect(fixture.gateway.configs.clearFailedConfigs() == many)
    await fixture.gateway.puller.pull("svc")
    #expect(fixture.gateway.configs.failedConfigs().count == many)
  }

  @Test("a list is left where more than a thousand configs cannot be read, and what was there before stays")
  func left() async throws {
    let fixture = try fixture()
    let good = FunctionConfig(service: "svc", requestType: "x", function: FunctionReference("Svc", "x")).value
    fixture.nodes["a@test"]?.register("Svc.configs") { _ in .ok([good]) }
    await fixture.gateway.puller.pull("svc")
    let bad = Value.array(Array(repeating: ["mfa": 5], count: 90_000))
    fixture.nodes["a@test"]?.register("Svc.configs") { _ in .ok(bad) }
    await fixture.gateway.puller.pull("svc")
    #expect(
      lastError(fixture)
        == "a@test: 1001 of the first 1001 configs cannot be read; the other 88999 were not looked at")
    #expect(fixture.gateway.configs.count == 1)
    #expect(fixture.gateway.configs.failedConfigs().count == 1)
    do {
      _ = try PushConfig(["service": "s", "config_version": "1", "nodes": ["a@b"], "fun_configs": bad])
      Issue.record("it was read")
    } catch {
      #expect(
        error.faults.first
          == "1001 of the first 1001 functions cannot be read; the other 88999 were not looked at")
      #expect(error.faults.count == 101)
    }
  }

  @Test(
    "what worked before stays where its config cannot be read any more, pulled or pushed, and the log says so"
  )
  func unread() async throws {
    for isPush in [false, true] {
      let lines = InMemoryLogHandler()
      let fixture = try GatewayFixture {
        $0.logger = Logger(label: "test") { _ in lines }
        $0.pull.services = [
          PullSource(service: "svc", nodes: .list(["a@test"]), function: FunctionReference("Svc", "configs"))
        ]
      }
      func config(_ type: ByteText, _ version: ByteText? = nil) -> Value {
        FunctionConfig(
          service: "svc", requestType: type, function: FunctionReference("Svc", "x"), version: version
        ).value
      }
      var version = 0
      func give(_ items: [Value]) async throws -> [ByteText] {
        version += 1
        if isPush {
          let push = try PushConfig([
            "service": "svc", "config_version": .string("\(version)"), "nodes": ["a@test"],
            "fun_configs": .array(items),
          ])
          _ = try fixture.gateway.receiver.take(push, from: "a@test", force: false)
        } else {
          fixture.nodes["a@test"]?.register("Svc.configs") { _ in .ok(.array(items)) }
          await fixture.gateway.puller.pull("svc")
        }
        return fixture.gateway.configs.configs(of: "svc").map {
          "\($0.requestType)\($0.version.map { " \($0)" } ?? "")"
        }
      }
      let all = [config("x"), config("y", "1.0.0"), config("y", "2.0.0"), config("z")]
      #expect(try await give(all) == ["x", "y 1.0.0", "y 2.0.0", "z"])
      // One version, all versions, and whichever it is.
      let bad: Value = ["request_type": "y", "version": "2.0.0", "mfa": 5]
      #expect(try await give([config("x"), bad]) == ["x", "y 2.0.0"])
      _ = try await give(all)
      #expect(
        try await give([config("x"), ["request_type": "y", "version": 7, "mfa": 5]]) == [
          "x", "y 1.0.0", "y 2.0.0",
        ])
      _ = try await give(all)
      #expect(try await give([config("x"), 5]).count == 4)
      #expect(
        fixture.gateway.health().checks.contains { $0.name == "failed_configs" && $0.status == .degraded })
      #expect(lines.entries.contains { "\($0.message)".contains("was taken without some of its functions") })
      #expect(try await give([config("x")]) == ["x"])
    }
  }

  @Test("a list of more names than a config has bytes is refused by its length, in whatever field")
  func names() throws {
    let names = Value.array(Array(repeating: "a@b", count: 70_000))
    for (field, value, words) in [
      ("nodes", names, "nodes has 70000 names, allowed are 1000"),
      ("arg_orders", names, "arg_orders has 70000 names, allowed are 256"),
      ("check_permission", ["role": names], "check_permission role has 70000 names, allowed are 1000"),
    ] as [(ByteText, Value, ByteText)] {
      let config = Value.object(["service": "s", "request_type": "t", "mfa": "M.f", field: value])
      #expect(throws: ConfigFaults(faults: [words])) { try FunctionConfig(config) }
    }
    #expect(throws: ConfigFaults(faults: ["nodes has 70000 names, allowed are 1000"])) {
      try PushConfig(["service": "s", "config_version": "1", "nodes": names, "fun_configs": []])
    }
  }
}
