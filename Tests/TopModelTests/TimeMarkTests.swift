import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import Testing

@testable import TopModel

@Suite("The time line")
struct TimeMarkTests {
  @Test(
    "a breaker that opened, a config that changed and a gateway that went and came back lie on it, once each")
  func marks() {
    var model = ClusterModel(targets: ["gw1:4710", "gw2:4710"])
    let start: Int64 = 1_700_000_000_000_000
    func second(_ number: Int64) -> Int64 { start + number * 1_000_000 }
    for index in 0..<2 {
      model.fold(.connected(Hello(node: "gw\(index + 1)", startedAt: 1)), of: index, at: start)
    }
    for number in 0..<10 as Range<Int64> {
      for index in 0..<2 {
        var state = GatewayState()
        if number >= 3 {
          state.configChanges = [
            ConfigChangeState(
              id: 1, at: second(3) + Int64(index), kind: "version", service: "orders", from: "1", to: "2")
          ]
        }
        if number >= 5, index == 0 {
          state.breakers = [
            BreakerState(
              pool: "async_pool", state: .open, since: second(5), cooldownMs: 60_000, openedCount: 1)
          ]
        }
        if index == 1, number >= 7 { continue }
        model.fold(
          .frame(.snapshot(at: second(number), sequence: 0, state)), of: index, at: second(number))
      }
      if number == 7 { model.fold(.failed("reset"), of: 1, at: second(7)) }
      if number == 9 {
        model.fold(.connected(Hello(node: "gw2", startedAt: 1)), of: 1, at: second(9))
      }
      model.tick(at: second(number))
    }
    let found = model.timeMarks(ViewSettings()).filter { $0.kind != .alert }
    #expect(
      found.map(\.label) == ["gw2 is back", "gw2 is gone", "gw1 async_pool open", "orders 1 to 2"])
    #expect(found.map(\.at) == [second(9), second(7), second(5), second(3)])
    var past = ViewSettings()
    past.moment = .at(second(4))
    #expect(model.timeMarks(past).filter { $0.kind != .alert }.map(\.kind) == [.config])
  }
}
