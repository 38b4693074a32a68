import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import Testing

@testable import TopModel

@Suite("A gateway that sends more than anybody can keep")
struct HostileSizeTests {
  @Test("its state is kept within a budget, and the header says that it was cut")
  func endlessNames() {
    var fixture = ModelFixture()
    #expect(fixture.model.header(ViewSettings()).cut == 0)
    for second in 0..<6 {
      var change = GatewayStateChange()
      change.functions = (0..<4_000).map {
        FunctionState(
          service: "service \(second) \($0)", requestType: ByteText(String(repeating: "t", count: 1_000)))
      }
      change.limits = (0..<4_000).map {
        LimitState(id: "\(second) \($0)", scope: "global", key: "user_id", maxRequests: 1, windowMs: 1)
      }
      fixture.second += 1
      fixture.model.fold(.frame(.state(at: fixture.now, sequence: 0, change)), of: 0, at: fixture.now)
    }
    let target = fixture.model.targets[0]
    #expect(target.state.functions.storedBytes <= 16_000_000)
    #expect(target.state.limits.storedBytes <= 2_000_000)
    #expect(target.state.functions.count > 10_000)
    #expect(target.state.functions.allSatisfy { $0.requestType.utf8.count <= 256 })
    #expect(fixture.model.header(ViewSettings()).cut > 10_000)
    #expect(fixture.model.gateway(named: "gw1")?.cut == fixture.model.header(ViewSettings()).cut)
    #expect(fixture.model.summary.cut == target.cut)
  }

  @Test("the entries that were there first stay, and go on being told of")
  func firstStay() {
    var fixture = ModelFixture()
    fixture.tick { state, _ in state.add("orders", ok: [1_000]) }
    for second in 0..<30 {
      var change = GatewayStateChange()
      var latency = LatencyHistogram()
      for bucket in 0..<LatencyHistogram.bucketCount { latency.record(bucket: bucket, count: 1) }
      change.series = (0..<200).map {
        SeriesState(service: "service \(second) \($0)", requestType: "t", requests: 1, latency: latency)
      }
      fixture.second += 1
      fixture.model.fold(.frame(.state(at: fixture.now, sequence: 0, change)), of: 0, at: fixture.now)
    }
    let state = fixture.model.targets[0].state
    #expect(state.series.storedBytes <= 32_000_000)
    #expect(state.series.first?.service == "orders")
    #expect(fixture.model.targets[0].cut > 0)
  }

  @Test("a past in which everything changes every second becomes shorter, not larger")
  func longPast() {
    var fixture = ModelFixture()
    fixture.model.sampleBudget = 6_000_000
    fixture.model.slowBudget = 24_000_000
    var latency = LatencyHistogram()
    for second in 0..<60 as Range<Int64> {
      for bucket in 0..<LatencyHistogram.bucketCount { latency.record(bucket: bucket, count: 1) }
      var change = GatewayStateChange()
      change.totals = TotalsState(requests: second)
      change.series = (0..<150).map {
        SeriesState(
          service: "service \($0)", requestType: "t", requests: second + 1, outcomes: ["ok": second + 1],
          latency: latency)
      }
      change.functions = (0..<2_000).map {
        FunctionState(service: "service \($0)", requestType: "t", changedAt: second)
      }
      fixture.second += 1
      fixture.model.fold(.frame(.state(at: fixture.now, sequence: 0, change)), of: 0, at: fixture.now)
    }
    let history = fixture.model.targets[0].history
    #expect(history.sampleBytes <= fixture.model.sampleBudget)
    #expect(history.sampleBytes == history.samples.reduce(0) { $0 + $1.storedBytes })
    #expect(history.slowBytes <= fixture.model.slowBudget)
    #expect(history.slowBytes == history.slow.reduce(0) { $0 + $1.bytes })
    #expect(history.samples.count < 50 && history.samples.count > 2)
    #expect(history.lastSecond == fixture.now / 1_000_000)
  }

  @Test("events are kept by what they take: fewer large ones")
  func largeEvents() {
    var history = EventHistory()
    for sequence in 1...20_000 as ClosedRange<Int64> {
      let text = Value.string(ByteText(String(repeating: "x", count: 10_000)))
      history.append(
        EventRow(
          node: "gw1",
          record: EventRecord(
            sequence: sequence, at: sequence * 300_000, name: "phoenix_gen_api.worker_pool.task.rejected",
            metadata: ["error": text])))
    }
    #expect(history.bytes <= EventHistory.budget + EventHistory.troubleBudget)
    #expect((1_000...2_100).contains(history.count))
    #expect(history.newest(1) { _ in true }.first?.record.sequence == 20_000)
  }
}
