import GenAPITelemetry
import GenAPIValue
import TestWaiting
import Testing

@testable import GenAPIGateway

@Suite("Operator's reports (gateway.md 13)")
struct ReportTests {
  @Test("limits: of a user, the global ones, all")
  func limits() async throws {
    let fixture = try GatewayFixture {
      $0.rateLimiter.globalLimits = [.global(key: "user_id", maxRequests: 30, window: .seconds(60))]
      $0.rateLimiter.apiLimits = [
        .api(service: "test", requestType: "echo", key: "user_id", maxRequests: 2, window: .seconds(1))
      ]
    }
    try fixture.add()
    _ = await fixture.gateway.execute(fixture.request())
    let reports = fixture.gateway.reports
    #expect(
      reports.rateLimitStatus(user: "u1") == """
        SCOPE      USED           
        global     1/30  29 left  in 60000 ms
        test/echo  1/2   1 left   in 1000 ms
        """)
    #expect(
      reports.globalLimits() == """
        SCOPE   KEY      MAX  WINDOW
        global  user_id  30   60000 ms
        """)
    #expect(
      reports.rateLimits() == """
        SCOPE      KEY      MAX  WINDOW    CHECKED  REFUSED  LAST REFUSED
        global     user_id  30   60000 ms  1        0        -
        test/echo  user_id  2    1000 ms   1        0        -

        CLOSEST  LIMIT                       USED  REFUSED\u{20}\u{20}
        u1       test/echo user_id 2/1000ms  1/2   0\u{20}\u{20}\u{20}\u{20}\u{20}\u{20}\u{20}\u{20}
        u1       global user_id 30/60000ms   1/30  0\u{20}\u{20}\u{20}\u{20}\u{20}\u{20}\u{20}\u{20}
        """)
  }

  @Test("the limits say who is refused now, and how often")
  func refusedKeys() async throws {
    let fixture = try GatewayFixture {
      $0.rateLimiter.globalLimits = [.global(key: "user_id", maxRequests: 2, window: .seconds(60))]
    }
    try fixture.add()
    for _ in 0..<5 { _ = await fixture.gateway.execute(fixture.request()) }
    let text = fixture.gateway.reports.rateLimits()
    #expect(text.contains("u1") && text.contains("refused now, for "), "\(text)")
    let numbers = text.split(separator: "\n")[1].split(separator: " ").map(String.init)
    #expect(
      numbers == ["global", "user_id", "2", "60000", "ms", "5", "3", "0h", "0m", "0s", "ago"], "\(text)")
    let inspection = await fixture.gateway.inspect(fixture.request())
    #expect(inspection.limits.first?.refused == 3 && inspection.limits.first?.refusesNow == true)
    let told = await fixture.gateway.reports.inspection(of: fixture.request())
    #expect(told.contains("refused 3 times, and now"), "\(told)")
  }

  @Test("configs: the store, what was pushed, what was refused")
  func configs() throws {
    let fixture = try GatewayFixture()
    let reports = fixture.gateway.reports
    #expect(reports.configStore() == "0 functions of 0 services: none")
    #expect(reports.pushedServices() == "No pushed services registered.")
    #expect(reports.failedConfigs() == "No refused configs.")
    let good = FunctionConfig(service: "s", requestType: "t", function: FunctionReference("S", "t"))
    var bad = good
    bad.timeout = .milliseconds(1)
    try fixture.gateway.receiver.push(
      PushConfig(service: "s", nodes: ["a@test"], configVersion: "1.0", functions: [good]))
    _ = try? fixture.gateway.configs.add(bad)
    #expect(reports.configStore() == "1 functions of 1 services: s")
    #expect(
      reports.pushedServices() == """
        SERVICE  VERSION  AUTO-PULL
        s        1.0      no
        """)
    #expect(
      reports.failedConfigs().contains("1   s        t             -        local   timeout must be between"))
  }

  @Test("pools, statistics, cluster, health and flows read as text")
  func whole() async throws {
    let fixture = try GatewayFixture()
    try fixture.add()
    _ = await fixture.gateway.execute(fixture.request())
    let reports = fixture.gateway.reports
    #expect(reports.pools().contains("async_pool   1000  0     0     0       closed   0         0       0"))
    #expect(reports.statistics().hasPrefix("1 requests: 1 ok, 0 failed, 0 rejected, 0 given up, 0 in flight"))
    #expect(reports.statistics().contains("test/echo  -        1         1"))
    #expect(reports.cluster().hasPrefix("gw@test (gateway), 2 of 2 nodes up"))
    #expect(reports.health().hasPrefix("gw@test (gateway): ok"))
    #expect(await reports.callFlow(service: "test", requestType: "echo").contains("7   argument_validation"))
    #expect(await reports.callFlows().contains("test     echo"))
  }

  @Test("names that differ in blanks look different in tables, flows and errors")
  func blanks() async throws {
    let fixture = try GatewayFixture()
    for service in ["s", "s ", " s"] as [ByteText] {
      for type in ["t", "t  u"] as [ByteText] {
        try fixture.gateway.configs.add(
          FunctionConfig(service: service, requestType: type, function: FunctionReference("S", "t")))
      }
    }
    let reports = fixture.gateway.reports
    #expect(reports.configStore().hasSuffix(": \" s\", s, \"s \""))
    let flows = await reports.callFlows().split(separator: "\n")
    #expect(flows.count { $0.hasPrefix("\" s\"     t ") } == 1, "\(flows)")
    #expect(flows.count { $0.hasPrefix("\"s \"     \"t  u\" ") } == 1, "\(flows)")
    #expect(await reports.callFlow(service: "s ", requestType: "t  u").hasPrefix("\"s \"/\"t  u\" "))
    let missing = fixture.gateway.configs.missing("s ", "t ", version: nil)
    #expect(missing.description == "the service \"s \" has no function \"t \"; it has t, \"t  u\"")
    #expect(
      FunctionConfig(service: "s ", requestType: "t", function: FunctionReference("S", "t")).nameInFaults
        == "\"s \"/t")
  }

  @Test(
    "amounts are shortened",
    arguments: [
      (Int64(0), "0 B"), (1_023, "1023 B"), (1_536, "1.5 KB"), (5 << 20, "5.0 MB"), (3 << 40, "3072.0 GB"),
    ])
  func bytes(_ count: Int64, _ text: String) { #expect(OperatorText.bytes(count) == text) }

  @Test("the cluster view tells the services and calls of each node, and of this one (W-49)")
  func cluster() async throws {
    let fixture = try GatewayFixture()
    fixture.nodes["a@test"]?.register("Test.far") { _ in .ok(1) }
    try fixture.add("near")
    try fixture.add("far") { $0.nodes = .list(["a@test"]) }
    _ = await fixture.gateway.execute(fixture.request("far"))
    let view = fixture.gateway.clusterView()
    #expect(view.localServices == ["test"] && view.connected == ["a@test", "b@test"])
    #expect(view.nodes.first { $0.node == "a@test" }?.calls == 1)
    #expect(view.nodes.first { $0.node == "a@test" }?.services == ["test"])
    #expect(view.nodeSelection == ["random": 1])
  }

  @Test("running streams are listed with their user and parts, and can be stopped")
  func streams() async throws {
    let fixture = try GatewayFixture()
    try fixture.add("tail") {
      $0.responseType = .stream
      $0.timeout = nil
    } _: { call in
      await call.stream?.send(1)
      await call.stream?.send(2)
      while call.stream?.isOver == false { await Task.yield() }
      return .ok(.null)
    }
    let connection = fixture.connect()
    _ = await fixture.gateway.execute(fixture.request("tail"), on: connection)
    _ = await connection.received(2)
    fixture.clock.advance(by: .milliseconds(1_500))
    let streams = fixture.gateway.activeStreams()
    #expect(streams.map(\.requestID) == ["r1"] && streams.map(\.userID) == ["u1"])
    #expect(streams.map(\.chunks) == [2] && streams.map(\.ageMs) == [1_500])
    #expect(fixture.gateway.stopStream(requestID: "r1", on: ConnectionID(streams[0].connection)))
    #expect(await connection.received(3).last?.hasMore == false)
    try await eventually { fixture.gateway.activeStreams().isEmpty }
  }
}
