import GenAPIChannels
import Testing

@testable import GenAPIServer

@Suite("The load generator")
struct LoadGeneratorTests {
  private func run(_ change: (inout LoadPlan) -> Void) async throws -> LoadReport {
    let configuration = try ServerConfiguration(
      toml: """
        [auth]
        mode = "anonymous"
        [websocket]
        listen = "127.0.0.1:0"
        event = "api"
        [telemetry]
        listen = ["127.0.0.1:0"]
        [[functions]]
        service = "s"
        request_type = "time"
        mfa = "Builtin.time"
        """, file: "g.toml", environment: [:])
    let server = try GatewayServer(configuration, logLevel: LiveLogLevel(.critical))
    try await server.start()
    var plan = LoadPlan(
      client: ChannelClientConfiguration(port: server.channels.boundAddress?.port ?? 0),
      mix: [
        LoadPlan.Kind(service: "s", requestType: "time"), LoadPlan.Kind(service: "s", requestType: "nothing"),
      ])
    plan.connections = 3
    plan.depth = 4
    plan.warmUpSeconds = 0.1
    plan.seconds = 0.4
    change(&plan)
    let report = try await LoadGenerator(plan).run()
    await server.channels.stop()
    await server.exporter.stop(reason: "test")
    return report
  }

  @Test("every request that is sent is answered and counted, the refused ones by their error")
  func closed() async throws {
    let report = try await run { _ in }
    #expect(report.sent > 0 && report.unanswered == 0)
    #expect(report.sent == report.ok + report.failed && report.latency.count == report.sent)
    #expect(report.errors.keys.sorted() == ["unsupported function: nothing version latest"])
    #expect(report.value["latency_us"]?["p99"]?.int ?? 0 > 0)
  }

  @Test("with a rate, requests come at their times")
  func open() async throws {
    let report = try await run { $0.rate = 200 }
    #expect(report.sent > 10 && report.sent < 200 && report.unanswered == 0)
  }

  @Test("a topic that cannot be joined, and a port where nobody listens, are told")
  func refused() async throws {
    await #expect(throws: LoadError.self) { try await run { $0.topic = "other:topic" } }
    await #expect(throws: ChannelClientError.self) { try await run { $0.client.port = 1 } }
  }
}
