import GenAPITelemetry
import Testing

@testable import TopModel

@Suite("What can be told of an expression")
struct AlertAnswerTests {
  private func answer(_ fixture: ModelFixture, _ text: String) throws -> AlertAnswer {
    try fixture.model.answer(AlertExpression(parsing: text), window: .tenSeconds)
  }

  private func isEarly(_ answer: AlertAnswer) -> Bool { if case .early = answer { true } else { false } }

  @Test("a metric is told when all of its window was watched, of every gateway, and not before")
  func window() throws {
    var fixture = ModelFixture(gateways: 2)
    for second in 1...60 {
      fixture.tick { state, _ in state.add(ok: [1_000]) }
      #expect(try isEarly(answer(fixture, "p99 < 60s")) == (second < 10), "second \(second)")
      #expect(try isEarly(answer(fixture, "p99 < 60s over 1m")) == (second < 60), "second \(second)")
    }
    #expect(try answer(fixture, "p99 < 60s over 5m") == .early(seconds: 240))
    guard case .found(let findings) = try answer(fixture, "p99 < 60s over 1m") else {
      Issue.record("nothing was found")
      return
    }
    #expect(findings.map(\.holds) == [true])
  }

  @Test("what is so at once is told at once")
  func states() throws {
    var fixture = ModelFixture()
    fixture.tick { state, _ in state.pools = [PoolState(name: "async", workers: 1)] }
    for text in ["no breaker open", "no node down", "breaker open", "memory < 1GB"] {
      #expect(try !isEarly(answer(fixture, text)), "\(text)")
    }
    #expect(try answer(fixture, "breaker open") == .found([]))
  }

  @Test("what is about nothing there is cannot be told")
  func nothing() throws {
    var fixture = ModelFixture()
    for _ in 1...12 { fixture.tick { state, _ in state.pools = [PoolState(name: "async", workers: 1)] } }
    for text in [
      "p99 < 1s", "error% < 5", "rps(nosuch) < 5", "memory(nosuch) < 1GB", "no breaker open(nosuch)",
      "breaker open(nosuch)", "no node down(nosuch)", "no config mismatch(nosuch)",
    ] {
      guard case .nothing = try answer(fixture, text) else {
        Issue.record("\(text) was told")
        continue
      }
    }
    guard case .found = try answer(fixture, "no breaker open(async)") else {
      Issue.record("a pool that is there is not found")
      return
    }
  }
}
