import GenAPIStream
import GenAPITelemetry
import Testing

@testable import TopModel

@Suite("Numbers that no gateway can mean")
struct HostileNumberTests {
  @Test("a count is at least 0 and at most 2^53", arguments: [Int64.min, -1, 0, 5, 1 << 53, .max])
  func counts(number: Int64) {
    #expect(Bounds.count(number) == min(max(number, 0), 1 << 53))
  }

  @Test("a count of a smaller type stays in its type")
  func smallCounts() {
    #expect(Bounds.count(Int32.max) == .max)
    #expect(Bounds.count(Int32.min) == 0)
  }

  @Test("seconds that are no number are 0", arguments: [Double.nan, .infinity, -.infinity, -1])
  func seconds(number: Double) { #expect(Bounds.seconds(number) == 0) }

  @Test("a gateway whose counters are at the ends of their type does no harm", arguments: [Int64.min, .max])
  func extremes(number: Int64) {
    var fixture = ModelFixture()
    for _ in 0..<3 {
      fixture.tick { state, _ in
        state.totals.requests = number
        state.totals.inFlight = number
        state.process.cpuSeconds = .infinity
        if state.series.isEmpty {
          state.series = [SeriesState(service: "users", requestType: "get", version: nil)]
        }
        state.series[0].latency.record(Int64(1))
        state.series[0].requests = number
        state.series[0].outcomes = ["ok": number, "error": number]
        state.series[0].retries = number
        state.hooks = [
          HookState(
            module: "M", function: "f", phase: "before", runs: number, failures: number, latency: .init())
        ]
      }
    }
    let rows = fixture.model.requests(ViewSettings())
    #expect(rows.allSatisfy { $0.requestsPerSecond.isFinite && $0.requestsPerSecond >= 0 })
    #expect(fixture.model.targets[0].state.series[0].requests == Bounds.count(number))
  }
}
