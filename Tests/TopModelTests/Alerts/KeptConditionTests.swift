import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import TestRandom
import Testing

@testable import TopModel

@Suite("Conditions that are looked at only when a gateway tells more than of its process")
struct KeptConditionTests {
  private static let rules = [
    "node down", "breaker open", "config mismatch", "name unresolved", "pull failing", "gateway draining",
    "gateway unready", "reload failed", "pool full", "no node down", "no breaker open", "node down(gw1)",
    "pull failing(users)",
  ].compactMap { try? AlertExpression(parsing: $0) }

  /// Something of a gateway changes, or nothing but its process.
  private static func change(_ state: inout GatewayState, _ kind: Int, at now: Int64, _ isOn: Bool) {
    state.process.cpuSeconds += 0.25
    if now / 1_000_000 % 3 == 0 { state.process.residentBytes += 4_096 }
    switch kind {
    case 0: state.add("users", "get", ok: [500])
    case 1: state.readiness = ReadinessState(phase: isOn ? "ready" : "starting")
    case 2: state.readiness = ReadinessState(phase: isOn ? "draining" : "ready")
    case 3: state.nodes = [ServiceNodeState(node: "a@b", up: isOn, since: 1, reason: "noconnection")]
    case 4: state.pools = [PoolState(name: "calls", workers: 1, busy: 1, queued: isOn ? 3 : 0, queueLimit: 3)]
    case 5:
      var breaker = BreakerState(pool: "calls", service: "users")
      breaker.state = isOn ? .open : .halfOpen
      breaker.since = now
      state.breakers = [breaker]
    case 6: state.breakers = []
    case 7:
      var service = ServiceState(service: "users", configVersion: isOn ? "1" : "2")
      service.pullFailures = isOn ? 2 : 0
      state.services = [service]
    case 8: state.configuration.fault = isOn ? "line 3" : nil
    default: break
    }
  }

  @Test("they hold for the same as those that are looked at each time, whatever gateways tell and time does")
  func same() throws {
    #expect(Self.rules.count == 13)
    for seed in 0..<8 as Range<UInt64> {
      var random = SeededRandom(seed: seed)
      var fixture = ModelFixture(gateways: 3)
      fixture.model.watch(Self.rules.map { AlertRule($0) })
      for step in 0..<90 {
        fixture.second += Int.random(in: 0..<30, using: &random) == 0 ? 4 : 1
        for index in fixture.states.indices where Int.random(in: 0..<12, using: &random) > 0 {
          let kind = Int.random(in: 0..<16, using: &random)
          Self.change(&fixture.states[index], kind, at: fixture.now, Bool.random(using: &random))
          fixture.send(index)
        }
        switch Int.random(in: 0..<40, using: &random) {
        case 0: fixture.model.fold(.failed("refused"), of: 1, at: fixture.now)
        case 1: fixture.model.fold(.connected(Hello(node: "gw2", startedAt: 1)), of: 1, at: fixture.now)
        case 2: fixture.model.fold(.closed(reason: "the gateway shuts down"), of: 2, at: fixture.now)
        case 3: fixture.model.expect(functions: 5_000, of: 2)
        default: break
        }
        fixture.model.tick(at: fixture.now)
        for (index, rule) in Self.rules.enumerated() {
          let wanted = fixture.model.findingsAnew(rule).filter(\.holds).map(\.subject)
          let row = fixture.model.alertRows.filter { $0.rule == ByteText(rule.text) && $0.isFiring }
          #expect(
            row.map(\.subject) == wanted.prefix(AlertBoard.mostSubjects).map(\.self),
            "seed \(seed), step \(step), rule \(index) \(rule.text)")
        }
      }
    }
  }

  @Test("nothing is looked at again while gateways tell of their process alone")
  func quiet() {
    var fixture = ModelFixture(gateways: 3)
    fixture.tick { state, _ in state.add(ok: [100]) }
    fixture.tick { state, _ in state.process.cpuSeconds += 1 }
    let looks = fixture.model.keptFindings.conditionLooks
    for _ in 0..<30 { fixture.tick { state, _ in state.process.residentBytes += 4_096 } }
    #expect(fixture.model.keptFindings.conditionLooks == looks)
    fixture.tick { state, index in if index == 1 { state.add(ok: [100]) } else { state.process.threads += 1 }
    }
    #expect(fixture.model.keptFindings.conditionLooks > looks)
    // Silence is no state.
    let before = fixture.model.keptFindings.conditionLooks
    fixture.second += 10
    fixture.model.tick(at: fixture.now)
    #expect(fixture.model.keptFindings.conditionLooks > before)
    #expect(fixture.model.alertRows.count { $0.isFiring && $0.rule == "node down" } == 3)
  }
}
