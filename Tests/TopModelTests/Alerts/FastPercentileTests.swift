import GenAPITelemetry
import GenAPIValue
import TestRandom
import Testing

@testable import TopModel

@Suite("Rules about percentiles that are known without the latencies")
struct FastPercentileTests {
  @Test("a rule holds for just the functions whose percentile it is, whatever it compares with")
  func sameFindings() throws {
    var random = SeededRandom(seed: 3)
    for _ in 0..<20 {
      var fixture = ModelFixture(gateways: 3)
      for _ in 0..<5 {
        fixture.tick { state, _ in
          for name in ["fast", "mixed", "slow"] {
            let latencies = (0..<20).map { _ in
              Int64.random(
                in: name == "fast" ? 1...900_000 : name == "slow" ? 900_000...1_200_000 : 1...3_000_000,
                using: &random)
            }
            state.add("s", name, ok: latencies)
          }
        }
      }
      for metric in ["p50", "p95", "p99"] {
        for comparison in [">", ">=", "<", "<="] {
          for bound in ["0ms", "1ms", "500ms", "999ms", "1s", "1001ms", "2s"] {
            let expression = try AlertExpression(parsing: "\(metric)(*/*) \(comparison) \(bound)")
            var model = fixture.model
            model.watch([AlertRule(expression)])
            model.tick(at: fixture.now)
            let firing = Set(model.alertRows.filter(\.isFiring).compactMap(\.subject))
            let all = model.evaluate(
              expression, window: .oneMinute, minimumRequests: AlertRule.minimumRequests)
            #expect(firing == Set(all.filter(\.holds).map(\.subject)), "\(expression)")
          }
        }
      }
    }
  }
}
