import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import TestRandom

/// Random frames of every type, the same in every run.
struct RandomFrames {
  var random: SeededRandom

  mutating func frame() -> Frame {
    switch Int.random(in: 0..<11, using: &random) {
    case 0:
      .hello(
        Hello(
          node: text(), software: text(), startedAt: number(), auth: .token, intervalMs: 500,
          categories: texts()))
    case 1: .subscribe(subscription())
    case 2: .snapshot(at: number(), sequence: number(), state())
    case 3: .state(at: number(), sequence: number(), state().changes(since: state()))
    case 4: .event(record())
    case 5:
      .dropped(at: number(), DroppedEvents(count: number(), fromSequence: number(), toSequence: number()))
    case 6: .ping(at: number())
    case 7: .pong(at: number())
    case 8: .bye(reason: text())
    case 9: .error(code: StreamErrorCode(rawValue: text()), message: text())
    default: .recording(RecordingHeader(startedAt: number(), targets: texts()))
    }
  }

  mutating func subscription() -> Subscription {
    Subscription(
      token: Bool.random(using: &random) ? text() : nil, encoding: "json",
      events: Bool.random(using: &random), intervalMs: Int.random(in: 100...60_000, using: &random),
      snapshot: Bool.random(using: &random), filter: EventFilter(include: terms(), exclude: terms()))
  }

  mutating func record() -> EventRecord {
    EventRecord(
      node: Bool.random(using: &random) ? text() : nil, sequence: number(), at: number(), name: text(),
      measurements: ["duration_us": .int(number()), "load": .double(0.5)],
      metadata: ["service": .string(text()), "success": true, "nodes": .array([.string(text()), nil])])
  }

  mutating func state() -> GatewayState {
    var state = GatewayState()
    state.totals.requests = count()
    state.totals.events = [text(): count()]
    state.process.cpuSeconds = Double.random(in: 0...1e6, using: &random)
    state.sockets.byTransport = ["websocket": 3]
    for index in 0..<Int.random(in: 0...4, using: &random) {
      var latency = LatencyHistogram()
      for _ in 0..<20 { latency.record(Int64.random(in: 0...5_000_000, using: &random)) }
      state.series.append(
        SeriesState(
          service: "s\(index)", requestType: text(), version: index > 1 ? text() : nil, requests: count(),
          outcomes: ["ok": count()], latency: latency))
      state.breakers.append(BreakerState(pool: "p\(index)", state: .halfOpen, lastReason: text()))
      state.relay.append(
        GroupState(
          groupID: "g\(index)", groupType: "public",
          members: [MemberState(userID: text(), status: "active", role: "admin")]))
      state.nodes.append(ServiceNodeState(node: "n\(index)", latency: latency, services: texts()))
    }
    return state
  }

  private mutating func terms() -> FilterTermList {
    FilterTermList(services: texts(), categories: texts(), names: texts(), nodes: texts(), users: texts())
  }

  private mutating func number() -> Int64 {
    Int64.random(in: .min ... .max, using: &random) >> Int64.random(in: 0...63, using: &random)
  }

  /// What a gateway counts: 0 to 2^53.
  private mutating func count() -> Int64 {
    Int64.random(in: 0...1 << 53, using: &random) >> Int64.random(in: 0...53, using: &random)
  }

  private mutating func texts() -> [ByteText] {
    (0..<Int.random(in: 0...3, using: &random)).map { _ in text() }
  }

  /// Never empty; with quotes, control characters and characters of several bytes.
  private mutating func text() -> ByteText {
    let pieces = ["a", "user_service", "\"", "\\", "\n", "\u{0}", "é", "漢", "👩‍👩‍👧", "*", " ", "\u{7F}"]
    let parts = (0...Int.random(in: 0...4, using: &random)).map { _ in pieces.randomElement(using: &random)! }
    return ByteText(parts.joined())
  }
}
