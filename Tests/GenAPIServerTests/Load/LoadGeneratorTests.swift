import GenAPIChannels
import GenAPIValue
import Locking
import Testing

@testable import GenAPIServer

@Suite("The load generator")
struct LoadGeneratorTests {
  private static func plan(_ port: Int, _ change: (inout LoadPlan) -> Void = { _ in }) -> LoadPlan {
    var plan = LoadPlan(
      client: PhoenixClientConfiguration(port: port),
      mix: [
        LoadPlan.Kind(service: "s", requestType: "time"), LoadPlan.Kind(service: "s", requestType: "nothing"),
      ])
    // For a starved machine; where a test waits for it, it says so.
    plan.client.connectTimeout = .seconds(60)
    plan.joinTimeoutMs = 60_000
    plan.connections = 3
    plan.depth = 4
    plan.warmUpSeconds = 0.1
    plan.seconds = 0.4
    change(&plan)
    return plan
  }

  private func run(_ change: (inout LoadPlan) -> Void) async throws -> LoadReport {
    try await TestGateway.with { port in try await LoadGenerator(Self.plan(port, change)).run() }
  }

  /// Against a server that does what a test says.
  private func run(
    upgrades: Bool = true, _ script: @escaping TestSocketServer.Script,
    _ change: (inout LoadPlan) -> Void = { _ in }
  ) async throws -> LoadReport {
    let server = try await TestSocketServer.start(upgrades: upgrades, script)
    let result: Result<LoadReport, any Error>
    do {
      result = .success(try await LoadGenerator(Self.plan(server.port, change)).run())
    } catch {
      result = .failure(error)
    }
    await server.stop()
    return try result.get()
  }

  @Test(
    "every request that is sent is answered and counted, the refused ones by their error",
    arguments: [
      "2.0.0", "1.0.0",
    ])
  func closed(vsn: String) async throws {
    let report = try await run { $0.client.vsn = vsn }
    #expect(report.sent > 0 && report.unanswered == 0 && report.notSent == 0)
    #expect(report.sent == report.answered && report.latency.count == report.sent)
    #expect(report.errors.keys.sorted() == ["unsupported function: nothing version latest of service s"])
    #expect(report.connectionErrors == [:] && report.lostConnections == 0)
    #expect(report.warmUpRequests > 0 && report.value["warm_up_requests"]?.int == report.warmUpRequests)
    #expect(report.text.contains("\n\(report.warmUpRequests) requests of the warm-up before are in none of"))
    #expect(report.value["latency_us"]?["p99"]?.int ?? 0 > 0)
  }

  @Test("an async call is answered and timed by its result, and a stream by its end")
  func lastAnswers() async throws {
    for (type, args) in [
      ("later", ["ms": 150]), ("count", ["count": 3, "interval_ms": 70]),
    ] as [(ByteText, ValueObject)] {
      let report = try await run {
        $0.mix = [LoadPlan.Kind(service: "s", requestType: type, args: args)]
      }
      #expect(report.sent > 0 && report.ok == report.sent && report.unanswered == 0, "\(type)")
      #expect(try #require(report.latency.quantile(0)) >= 130_000, "\(type)")
    }
    // Each is taken, and fails.
    let failing = try await run {
      $0.mix = [LoadPlan.Kind(service: "s", requestType: "later", args: ["ms": -1])]
    }
    #expect(failing.ok == 0 && failing.failed == failing.sent && failing.sent > 0, "\(failing.text)")
  }

  @Test("requests of a function that never answers are unanswered, or done when they were taken")
  func neverAnswered() async throws {
    let mute = [LoadPlan.Kind(service: "s", requestType: "mute")]
    let waiting = try await run {
      $0.mix = mute
      $0.warmUpSeconds = 0
    }
    #expect(waiting.ok == 0 && waiting.unanswered == waiting.sent)
    let taken = try await run {
      $0.mix = mute
      $0.waitsForAnswer = false
    }
    #expect(taken.ok > 0 && taken.ok == taken.sent, "\(taken.text)")
  }

  @Test("with a rate, requests come at their times")
  func open() async throws {
    let report = try await run { $0.rate = 200 }
    let due = Double(report.sent + report.notSent)
    #expect(due > 10 && due < 200 * report.seconds + 200 && report.unanswered == 0)
  }

  @Test("a topic that cannot be joined, and a port where nobody listens, are told")
  func refused() async throws {
    await #expect(throws: LoadError.self) { try await run { $0.topic = "other:topic" } }
    await #expect(throws: PhoenixClientError.self) { try await run { $0.client.port = 1 } }
  }

  @Test("a join that is never answered, and a server that says nothing at all, end it in time")
  func unansweredJoin() async throws {
    await #expect(throws: LoadError("the join of api:lobby was not answered within 50 ms")) {
      try await run({ _, _ in [] }, { $0.joinTimeoutMs = 50 })
    }
    await #expect(throws: PhoenixClientError.cannotConnect("no answer within 50 ms")) {
      try await run(upgrades: false, { _, _ in [] }, { $0.client.connectTimeout = .milliseconds(50) })
    }
    await #expect(throws: LoadError.self) {
      try await run { _, _ in [.close(.goingAway, "no")] }
    }
  }

  @Test("connections that are lost are counted with their reason and made again, and the load goes on")
  func reconnects() async throws {
    let report = try await run(
      { socket, message in
        if message.contains("phx_join") { return [.text(TestSocketServer.joinReply)] }
        return socket == 1 ? [.close(.goingAway, "restart")] : [TestSocketServer.answer(message)]
      },
      {
        $0.connections = 1
        $0.depth = 1
        $0.warmUpSeconds = 0
        $0.seconds = 3
      })
    #expect(report.lostConnections == 1 && report.reconnects == 1)
    #expect(report.connectionErrors == ["the server closed the socket with 1001: restart": 1])
    #expect(report.ok > 0 && report.failed == 0)
    #expect(report.sent == report.answered + report.lostRequests + report.unanswered)
  }

  @Test("what is due while a connection is gone is counted as not sent")
  func notSent() async throws {
    // Sockets after the first are let in and never joined.
    let report = try await run(
      { socket, message in
        guard socket == 1 else { return [] }
        return message.contains("phx_join") ? [.text(TestSocketServer.joinReply)] : [.cut]
      },
      {
        $0.connections = 1
        $0.rate = 500
        $0.seconds = 1
        $0.warmUpSeconds = 0
      })
    #expect(report.notSent > 100 && report.answered == 0 && report.lostConnections == 1)
    #expect(report.value["due"]?.int == report.sent + report.notSent)
    #expect(report.sent == report.lostRequests)
    #expect(report.text.contains("\(report.notSent) requests were due and not sent"))
  }

  @Test("requests that are never answered are counted, and do not keep it from ending")
  func unanswered() async throws {
    let report = try await run { _, message in
      message.contains("phx_join") ? [.text(TestSocketServer.joinReply)] : []
    } _: {
      $0.warmUpSeconds = 0
    }
    #expect(report.answered == 0)
    #expect(report.sent == report.unanswered)
  }

  @Test("a reply with the status error is an answer")
  func refusedRequests() async throws {
    let report = try await run { _, message in
      if message.contains("phx_join") { return [.text(TestSocketServer.joinReply)] }
      // The request's reference is its second element.
      let ref = message.utf8.split(separator: UInt8(ascii: "\""))[3]
      return [
        .text(
          #"["1","\#(String(ref) ?? "")","api:lobby","phx_reply",{"status":"error","response":"Too \"many\""}]"#
        )
      ]
    } _: {
      $0.connections = 1
      $0.depth = 1
    }
    #expect(report.errors.keys.sorted() == ["Too \"many\""])
    #expect(report.sent == report.failed)
  }

  @Test("values out of range are refused by name before anything is opened")
  func ranges() async throws {
    let changes: [(String, (inout LoadPlan) -> Void)] = [
      ("rate", { $0.rate = 0 }), ("rate", { $0.rate = .nan }), ("rate", { $0.rate = 1e300 }),
      ("rate", { $0.rate = -.infinity }), ("rate", { $0.rate = 1e-300 }),
      ("think", { $0.thinkMs = -1 }), ("think", { $0.thinkMs = .max }),
      ("warm-up", { $0.warmUpSeconds = .nan }),
      ("warm-up", { $0.warmUpSeconds = 1e30 }), ("time", { $0.seconds = 0 }),
      ("time", { $0.seconds = 1e300 }),
      ("time", { $0.seconds = .infinity }), ("connections", { $0.connections = 0 }),
      ("connections", { $0.connections = .max }), ("depth", { $0.depth = 1_001 }), ("kinds", { $0.mix = [] }),
      ("weight", { $0.mix[0].weight = .max }), ("weight", { $0.mix[0].weight = 0 }),
    ]
    for (name, change) in changes {
      let error = #expect(throws: LoadError.self) { try Self.plan(1, change).validate() }
      #expect(error?.description.contains(name) == true, "\(name): \(error?.description ?? "")")
    }
  }
}
