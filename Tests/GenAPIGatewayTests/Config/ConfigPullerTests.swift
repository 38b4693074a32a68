import GenAPITelemetry
import GenAPIValue
import InMemoryLogging
import Logging
import TestWaiting
import Testing

@testable import GenAPIGateway

@Suite("Pulling configs")
struct ConfigPullerTests {
  private func fixture(versioned: Bool = true) throws -> GatewayFixture {
    try GatewayFixture {
      $0.pull.services = [
        PullSource(
          service: "svc", nodes: .list(["a@test", "b@test"]), function: FunctionReference("Svc", "configs"),
          versionFunction: versioned ? FunctionReference("Svc", "version") : nil)
      ]
    }
  }

  private func serve(_ fixture: GatewayFixture, _ node: String, _ types: [String], version: String = "1") {
    let configs = types.map { type in
      FunctionConfig(
        service: "svc", requestType: ByteText(type), function: FunctionReference("Svc", ByteText(type))
      ).value
    }
    fixture.nodes[node]?.register("Svc.configs") { _ in .ok(.array(configs)) }
    fixture.nodes[node]?.register("Svc.version") { _ in .ok(.string(ByteText(version))) }
  }

  @Test("a pull stores what the service lists, and skips the version it has")
  func pull() async throws {
    let fixture = try fixture()
    serve(fixture, "a@test", ["x", "y"])
    _ = fixture.events()
    await fixture.gateway.puller.pull("svc")
    #expect(fixture.gateway.configs.count == 2)
    await fixture.gateway.puller.pull("svc")
    let stops = fixture.events().compactMap { event -> PullStop? in
      if case .pullStop(let stop) = event { stop } else { nil }
    }
    #expect(stops.map(\.count) == [2, 0])
    #expect(stops.map(\.skipped) == [false, true])
  }

  @Test("a function that is no longer listed is removed (W-46)")
  func vanished() async throws {
    let fixture = try fixture()
    serve(fixture, "a@test", ["x", "y"])
    await fixture.gateway.puller.pull("svc")
    serve(fixture, "a@test", ["y"], version: "2")
    await fixture.gateway.puller.pull("svc")
    #expect(fixture.gateway.configs.allFunctions["svc"]?.keys.sorted() == ["y"])
    #expect(fixture.gateway.configs.changes.last?.to == "2")
  }

  @Test("the next node is asked when one does not answer")
  func nextNode() async throws {
    let fixture = try fixture()
    fixture.cluster.setUp("a@test", false)
    serve(fixture, "b@test", ["x"])
    await fixture.gateway.puller.pull("svc")
    #expect(fixture.gateway.configs.count == 1)
  }

  @Test("a pull that fails everywhere is an exception naming the nodes, and waits twice as long each time")
  func failure() async throws {
    let fixture = try fixture()
    fixture.cluster.setUp("a@test", false)
    fixture.cluster.setUp("b@test", false)
    _ = fixture.events()
    for _ in 0..<6 { await fixture.gateway.puller.pull("svc") }
    let failures = fixture.events().compactMap { event -> PullException? in
      if case .pullException(let exception) = event { exception } else { nil }
    }
    #expect(failures.count == 6)
    #expect(failures[0].nodes == ["a@test", "b@test"])
    let state = fixture.gateway.currentState().services.first { $0.service == "svc" }
    #expect(state?.pullFailures == 6)
    // 30 s doubled six times is more than the 300 s bound.
    #expect(state.map { ($0.nextPullAt ?? 0) - ($0.lastPullAt ?? 0) } == 300_000_000)
  }

  @Test("a service whose back-off has grown long is pulled a second after its node came up, or it pushed")
  func back() async throws {
    let fixture = try fixture()
    func wait() -> Int64? {
      fixture.gateway.currentState().services.first { $0.service == "svc" }?.nextPullAt
        .map { $0 - fixture.clock.wallMicroseconds() }
    }
    fixture.cluster.setUp("a@test", false)
    fixture.cluster.setUp("b@test", false)
    for _ in 0..<6 { await fixture.gateway.puller.pull("svc") }
    #expect(wait() == 300_000_000)
    fixture.cluster.add("other@test", FunctionRegistry())
    #expect(wait() == 300_000_000)
    fixture.cluster.setUp("b@test", true)
    #expect(wait() == 1_000_000)
    fixture.clock.advance(by: .milliseconds(500))
    fixture.cluster.setUp("a@test", true)
    #expect(wait() == 500_000)

    await fixture.gateway.puller.pull("svc")
    #expect(wait() == 300_000_000)
    let pushed = FunctionConfig(
      service: "svc", requestType: "x", nodes: .list(["a@test"]), function: FunctionReference("Svc", "x"))
    let push = PushConfig(service: "svc", nodes: ["a@test"], configVersion: "1", functions: [pushed])
    for result in [PushResult.accepted(stored: 1, faults: []), .skipped] {
      await fixture.gateway.puller.pull("svc")
      #expect(wait() == 300_000_000)
      #expect(try fixture.gateway.receiver.push(push) == result)
      #expect(wait() == 1_000_000)
    }

    serve(fixture, "a@test", ["x"])
    await fixture.gateway.puller.pull("svc")
    #expect(wait() == 30_000_000)
    fixture.cluster.setUp("a@test", false)
    fixture.cluster.setUp("a@test", true)
    #expect(wait() == 30_000_000)
  }

  @Test("an answer that is no list of configs is refused, and what can be read is taken")
  func garbage() async throws {
    let fixture = try fixture(versioned: false)
    fixture.nodes["a@test"]?.register("Svc.configs") { _ in .ok("nonsense") }
    fixture.cluster.setUp("b@test", false)
    await fixture.gateway.puller.pull("svc")
    #expect(fixture.gateway.configs.count == 0)
    let good = FunctionConfig(service: "other", requestType: "x", function: FunctionReference("Svc", "x"))
      .value
    fixture.nodes["a@test"]?.register("Svc.configs") { _ in .ok([5, good]) }
    await fixture.gateway.puller.pull("svc")
    #expect(fixture.gateway.configs.allFunctions == ["svc": ["x": [nil]]])
    #expect(fixture.gateway.configs.failedConfigs().count == 1)
  }

  @Test("the first pull comes after a second, later ones at their interval, and one timer serves all (W-32)")
  func schedule() async throws {
    let fixture = try fixture()
    serve(fixture, "a@test", ["x"])
    _ = fixture.events()
    let puller = fixture.gateway.puller
    let run = Task { await puller.run() }
    for _ in 0..<130 {
      await fixture.clock.waitForSleepers()
      fixture.clock.advance(by: .milliseconds(250))
    }
    await fixture.clock.waitForSleepers()
    run.cancel()
    await run.value
    let starts = fixture.names().count { $0 == "config.pull.start" }
    #expect((1...2).contains(starts))
  }

  @Test(
    "a gateway is ready 15 s after it first asked its services, however many nodes are silent, and says which they are"
  )
  func firstRound() async throws {
    let log = InMemoryLogHandler()
    let names = (1...9).map { ByteText("silent\($0)@test") }
    let fixture = try GatewayFixture {
      $0.logger = Logger(label: "test") { _ in log }
      $0.pull.services = ["one", "two"].map {
        PullSource(service: $0, nodes: .list(names), function: FunctionReference("Svc", "configs"))
      }
    }
    let clock = fixture.clock
    for name in names {
      let registry = FunctionRegistry()
      registry.register("Svc.configs") { _ in
        try await clock.sleep(milliseconds: 86_400_000)
        return .ok([])
      }
      fixture.cluster.add(name, registry)
    }
    try fixture.add()
    let run = Task { await fixture.gateway.puller.run() }
    // Its round ends 1 s, when it asks first, and 15 s after it began, which it has once it sleeps.
    await clock.waitForSleepers()
    for _ in 0..<63 {
      await clock.waitForSleepers()
      clock.advance(by: .milliseconds(250))
      #expect(fixture.gateway.readinessFault() == "one and 1 more was not asked for its functions yet")
    }
    #expect(!log.entries.contains { $0.message.description.contains("ready without them") })
    clock.advance(by: .milliseconds(250))
    #expect(fixture.gateway.readinessFault() == nil)
    try await eventually {
      clock.advance(by: .milliseconds(10))
      return log.entries.contains { $0.message.description.contains("ready without them") }
    }
    run.cancel()
    await run.value
    let told = log.entries.first { $0.message.description.contains("ready without them") }
    #expect(told?.metadata["services"] == "one, two")
  }
}
