import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import NIOCore
import TestEvents
import TestWaiting
import Testing

@testable import GenAPIGateway

@Suite("Every event")
struct EveryEventTests {
  @Test("each event of the catalogue, and each extension, is emitted by what it is about")
  func every() async throws {
    let fixture = try GatewayFixture {
      $0.rateLimiter.apiLimits = [
        .api(service: "test", requestType: "limited", key: "user_id", maxRequests: 1, window: .seconds(60))
      ]
      $0.asyncPool = WorkerPoolConfiguration(
        workers: 1, queueLimit: 10, workerThreshold: 2, poolThreshold: 2, cooldown: .seconds(1))
      $0.pull.services = [
        PullSource(
          service: "pulled", nodes: .list(["a@test"]), function: FunctionReference("Svc", "configs"))
      ]
    }
    let gateway = fixture.gateway
    try await requests(fixture)
    try await pool(fixture)
    await configs(fixture)
    try relay(fixture)
    _ = gateway.rateLimiter.reset(keyValue: "u1", scope: .global, key: "user_id")
    await gateway.rateLimiter.sweep()
    fixture.cluster.setUp("b@test", false)
    fixture.cluster.setUp("b@test", true)
    let events = fixture.events()
    let seen = Set(events.map(\.name))
    let missing = EventName.allCases.filter { !seen.contains($0) }.map(\.shortName)
    #expect(missing == [])
    #expect(Set(gateway.bus.counts.keys) == Set(EventName.allCases.map(\.path)))
    try hasFieldsOfDocument(events)
    try crossesTheStream(events)
  }

  private func hasFieldsOfDocument(_ events: [TelemetryEvent]) throws {
    let document = try EventDocument()
    for event in events {
      let row = try #require(document.row(event.name), "docs/events.md has no \(event.name.shortName)")
      let (measurements, metadata) = (event.measurements.keys, event.metadata.keys)
      #expect(row.measurements.allow(measurements.map(\.string)), "\(event.name) has \(measurements)")
      #expect(row.metadata.allow(metadata.map(\.string)), "\(event.name) has \(metadata)")
    }
  }

  /// A reader of the stream finds in an event what the gateway's own filter sees.
  private func crossesTheStream(_ events: [TelemetryEvent]) throws {
    var encoder = EventEncoder()
    for event in events {
      let isEncoded = encoder.encode(
        EmittedEvent(sequence: 7, wallMicroseconds: 8, monotonicNanoseconds: 9, event: event))
      try #require(isEncoded)
      let line = encoder.withLine { ByteBuffer(bytes: $0.dropLast()) }
      guard case .success(.event(let record)) = FrameDecoder.decode(line) else {
        Issue.record("\(event.name) is not read back")
        continue
      }
      #expect(record.known == event.name && record.category == event.name.category)
      #expect(record.concernsEverything == (event.subject.parts == .everything))
      #expect(event.name.definition.about.isSuperset(of: event.subject.parts), "\(event.name)")
      #expect(record.measurements == event.measurements && record.metadata == event.metadata)
      #expect(record.userID == event.userID, "\(event.name)")
      guard !record.concernsEverything else { continue }
      #expect(record.service == event.service, "\(event.name)")
      #expect(record.requestType == event.requestType, "\(event.name)")
    }
  }

  private func requests(_ fixture: GatewayFixture) async throws {
    fixture.gateway.functions.registerBeforeHook("H.before") { request, config, _ in
      if request.args["fail"] == true { throw FunctionError("hook") }
      return .proceed(request, config)
    }
    fixture.gateway.functions.registerAfterHook("H.after") { request, _, response, _ in
      if request.args["fail"] == true { throw FunctionError("hook") }
      return response
    }
    try fixture.add("hooked") {
      $0.beforeExecute = FunctionReference("H", "before")
      $0.afterExecute = FunctionReference("H", "after")
    }
    try fixture.add("limited")
    try fixture.add("failing") {
      $0.retry = .sameNode(1)
    } _: { _ in
      throw FunctionError("boom")
    }
    _ = await fixture.gateway.execute(fixture.request("hooked"))
    _ = await fixture.gateway.execute(fixture.request("hooked", ["fail": true]))
    for _ in 0..<2 { _ = await fixture.gateway.execute(fixture.request("limited")) }
    _ = await fixture.advancing { await fixture.gateway.execute(fixture.request("failing")) }
  }

  /// Two failures open the breaker, which refuses, and closes after a probe.
  private func pool(_ fixture: GatewayFixture) async throws {
    try fixture.add("job") {
      $0.responseType = .async
    } _: { call in
      if call.request?.args["fail"] == true { throw FunctionError("boom") }
      return .ok(.null)
    }
    let connection = fixture.connect()
    func run(_ fail: Bool, _ expected: Int) async {
      let receipt = await fixture.gateway.handle(
        ["service": "test", "request_type": "job", "request_id": "j", "args": ["fail": .bool(fail)]],
        from: ClientIdentity(userID: "u1"), on: connection)
      #expect(receipt == .handled(requestType: "job"))
      _ = await connection.received(expected)
    }
    await run(true, 2)
    await run(true, 4)
    try await eventually { fixture.gateway.asyncPool.poolState().openServices != 0 }
    await run(false, 5)
    #expect(connection.responses.last?.error == "Service temporarily unavailable")
    fixture.clock.advance(by: .milliseconds(1_001))
    await run(false, 7)
    try await eventually { fixture.gateway.asyncPool.poolState().halfOpenServices == 0 }
    let channel = fixture.gateway.channelOpened("api:x", on: connection.connectionID)
    fixture.gateway.channelClosed("api:x", channel, on: connection.connectionID)
    fixture.gateway.connectionClosed(connection.connectionID, reason: "done")
  }

  private func configs(_ fixture: GatewayFixture) async {
    let gateway = fixture.gateway
    let config = FunctionConfig(
      service: "pulled", requestType: "x", function: FunctionReference("Svc", "x"))
    await gateway.puller.pull("pulled")
    fixture.nodes["a@test"]?.register("Svc.configs") { _ in .ok([config.value]) }
    await gateway.puller.pull("pulled")
    try? gateway.configs.disable("pulled", "x")
    try? gateway.configs.enable("pulled", "x")
    _ = try? gateway.configs.delete("pulled", "x")
    _ = try? gateway.receiver.push(
      PushConfig(service: "pulled", nodes: ["a@test"], configVersion: "1", functions: [config]))
    gateway.configs.clear()
  }

  private func relay(_ fixture: GatewayFixture) throws {
    let relay = fixture.gateway.relay
    let admin = fixture.connect()
    let member = fixture.connect()
    try relay.createGroup(groupID: "g", type: .strictPrivate, creator: "boss", connection: admin)
    _ = try relay.join(groupID: "g", userID: "u2", connection: member)
    try relay.accept(groupID: "g", actor: "boss", userID: "u2")
    try relay.mute(groupID: "g", actor: "boss", userID: "u2")
    try relay.unmute(groupID: "g", actor: "boss", userID: "u2")
    try relay.send(groupID: "g", from: "u2", message: "hi", requestID: "r")
    try relay.leave(groupID: "g", userID: "u2")
    try relay.deleteGroup(groupID: "g", actor: "boss")
  }
}
