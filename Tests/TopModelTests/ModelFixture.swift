import GenAPIStream
import GenAPITelemetry
import GenAPIValue

@testable import TopModel

/// A model fed by hand: gateways whose counters are set second by second.
struct ModelFixture {
  /// Microseconds since the epoch at second 0.
  static let start: Int64 = 1_700_000_000_000_000

  var model: ClusterModel
  var states: [GatewayState]
  var second: Int64 = 0

  init(gateways: Int = 1) {
    model = ClusterModel(targets: (1...gateways).map { "gw\($0):4710" })
    states = Array(repeating: GatewayState(), count: gateways)
    for index in 0..<gateways {
      model.fold(
        .connected(Hello(node: "gw\(index + 1)", software: "genapi/1", startedAt: 1)), of: index,
        at: Self.start)
      send(index, isSnapshot: true)
    }
  }

  var now: Int64 { Self.start + second * 1_000_000 }

  mutating func send(_ index: Int, isSnapshot: Bool = false) {
    // What a gateway sends: the changes to what it sent before, or all.
    if isSnapshot {
      model.fold(.frame(.snapshot(at: now, sequence: 0, states[index])), of: index, at: now)
    } else {
      let change = states[index].changes(since: model.targets[index].state)
      model.fold(.frame(.state(at: now, sequence: 0, change)), of: index, at: now)
    }
  }

  /// A second passes: each gateway changes and tells.
  mutating func tick(_ change: (inout GatewayState, Int) -> Void = { _, _ in }) {
    second += 1
    for index in states.indices {
      change(&states[index], index)
      send(index)
    }
    model.tick(at: now)
  }
}

extension GatewayState {
  /// Requests of a function that ended after the latencies given.
  mutating func add(
    _ service: String = "users", _ requestType: String = "get", version: ByteText? = nil,
    started: Int64? = nil,
    ok: [Int64] = [], failed: [Int64] = [], rejected: [Int64] = [], outcome: RequestOutcome = .rateLimited
  ) {
    var entry = SeriesState(service: ByteText(service), requestType: ByteText(requestType), version: version)
    let index = series.firstIndex { $0.entryKey == entry.entryKey }
    if let index { entry = series[index] }
    let finished = Int64(ok.count + failed.count + rejected.count)
    entry.requests += started ?? finished
    for (name, latencies) in [("ok", ok), ("error", failed), (outcome.rawValue, rejected)]
    where !latencies.isEmpty {
      entry.outcomes[ByteText(name), default: 0] += Int64(latencies.count)
      // As a gateway counts: what was refused took no time.
      if RequestOutcome(rawValue: name)?.hasRun == true {
        for latency in latencies { entry.latency.record(latency) }
      }
    }
    totals.requests += started ?? finished
    totals.ok += Int64(ok.count)
    totals.failed += Int64(failed.count)
    totals.rejected += Int64(rejected.count)
    totals.inFlight = totals.requests - totals.ok - totals.failed - totals.rejected
    totals.eventsEmitted += finished * 2
    if let index { series[index] = entry } else { series.append(entry) }
  }
}

extension EventRecord {
  static func stop(
    _ sequence: Int64, at: Int64, service: String = "users", type: String = "get", request: String = "r1",
    outcome: String = "ok", durationUs: Int64 = 1_000, user: String = "u1"
  ) -> EventRecord {
    EventRecord(
      sequence: sequence, at: at, name: EventName.executorRequestStop.path,
      measurements: ["duration_us": .int(durationUs)],
      metadata: [
        "request_id": .string(ByteText(request)), "service": .string(ByteText(service)),
        "request_type": .string(ByteText(type)),
        "user_id": .string(ByteText(user)), "outcome": .string(ByteText(outcome)),
        "success": .bool(outcome == "ok"),
      ])
  }
}
