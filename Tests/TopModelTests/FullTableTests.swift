import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import Testing

@testable import TopModel

@Suite("A gateway with as many functions as are told apart")
struct FullTableTests {
  private static let count = TargetHistory.maxSeries

  private static func function(_ number: Int, requests: Int64) -> SeriesState {
    var series = SeriesState(service: "s\(number / 100)", requestType: "f\(number)")
    series.requests = requests
    series.outcomes["ok"] = requests
    return series
  }

  private static func started(_ model: ClusterModel) -> Int64 {
    model.targets[0].history.samples.last?.started ?? -1
  }

  @Test(
    "what a few of them do is counted in each second, also when names are looked for that nobody uses any more"
  )
  func counted() {
    var model = ClusterModel(targets: ["gw1:4710"])
    var now = ModelFixture.start
    model.fold(.connected(Hello(node: "gw1", startedAt: 1)), of: 0, at: now)
    var state = GatewayState()
    state.series = (0..<Self.count).map { Self.function($0, requests: 1) }
    model.fold(.frame(.snapshot(at: now, sequence: 0, state)), of: 0, at: now)
    // Looked for once a minute.
    for second in 1...130 as ClosedRange<Int64> {
      now += 1_000_000
      var change = GatewayStateChange()
      change.series = (0..<40).map { Self.function($0 * 300, requests: 1 + second) }
      model.fold(.frame(.state(at: now, sequence: 0, change)), of: 0, at: now)
      #expect(Self.started(model) == 40, "second \(second)")
    }
    #expect(model.targets[0].history.leftOut == 0)
    // Another one takes the place of none.
    now += 1_000_000
    var change = GatewayStateChange()
    change.series = [Self.function(Self.count, requests: 5), Self.function(0, requests: 132)]
    model.fold(.frame(.state(at: now, sequence: 0, change)), of: 0, at: now)
    #expect(Self.started(model) == 1 && model.targets[0].history.leftOut == 1)
    for second in 2...70 as ClosedRange<Int64> {
      now += 1_000_000
      change.series = [Self.function(0, requests: 131 + second)]
      model.fold(.frame(.state(at: now, sequence: 0, change)), of: 0, at: now)
      #expect(Self.started(model) == 1, "second \(second) with one too many")
    }
  }
}
