import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import Testing

@testable import TopModel

@Suite("Rates while a window fills are over the time that their events are of")
struct FillingRateTests {
  private let start = ModelFixture.start

  private func connected(_ gateways: Int = 1) -> ClusterModel {
    var model = ClusterModel(targets: (1...gateways).map { "gw\($0):4710" })
    for index in 0..<gateways {
      model.fold(
        .connected(Hello(node: "gw\(index + 1)", software: "genapi/1", startedAt: 1)), of: index, at: start)
    }
    return model
  }

  /// Tells what a gateway counted by one moment, which is heard at another; both in milliseconds after the start.
  private func tell(
    _ model: inout ClusterModel, _ requests: Int64, of index: Int = 0, sentAt: Int64, cameAt: Int64,
    isSnapshot: Bool = false
  ) {
    var state = GatewayState()
    state.add(started: requests, ok: Array(repeating: 1_000, count: Int(requests)))
    let frame: Frame =
      isSnapshot
      ? .snapshot(at: start + sentAt * 1_000, sequence: 0, state)
      : .state(
        at: start + sentAt * 1_000, sequence: 0, state.changes(since: model.targets[index].state))
    model.fold(.frame(frame), of: index, at: start + cameAt * 1_000)
  }

  private func rate(_ model: ClusterModel) -> Double? {
    model.requests(ViewSettings()).first.flatMap { $0.isKept ? $0.requestsPerSecond : nil }
  }

  @Test("a first state that was long in the reading makes no rate of the seconds after it too high")
  func slowSnapshot() {
    var model = connected()
    // 240 a second: the first state is read 900 ms after it was made, the next ones at once.
    tell(&model, 240, sentAt: 0, cameAt: 900, isSnapshot: true)
    for second in 1...3 as ClosedRange<Int64> {
      tell(&model, 240 * (second + 1), sentAt: second * 1_000, cameAt: second * 1_000 + 5)
      model.tick(at: start + second * 1_000_000 + 10_000)
      // A second that two states may be of is not over before the next.
      if second == 1 { continue }
      #expect(abs((rate(model) ?? 0) - 240) < 1, "\(String(describing: rate(model)))")
      #expect(abs(model.header(ViewSettings()).requestsPerSecond - 240) < 1)
      #expect(abs((model.nodes(ViewSettings())[0].requestsPerSecond ?? 0) - 240) < 1)
    }
  }

  @Test("the rest of a long snapshot is of no time of its own")
  func pieces() {
    var model = connected()
    tell(&model, 100, sentAt: 0, cameAt: 100, isSnapshot: true)
    tell(&model, 100, sentAt: 0, cameAt: 700)
    tell(&model, 200, sentAt: 1_000, cameAt: 1_010)
    tell(&model, 300, sentAt: 2_000, cameAt: 2_010)
    model.tick(at: start + 2_020_000)
    #expect(abs((rate(model) ?? 0) - 100) < 1)
  }

  @Test("a gateway whose clock is set to and fro keeps its rates", arguments: [-3_600_000, 3_600_000])
  func clockSet(by milliseconds: Int64) {
    var model = connected()
    tell(&model, 0, sentAt: 0, cameAt: 0, isSnapshot: true)
    for second in 1...9 as ClosedRange<Int64> {
      tell(
        &model, 100 * second, sentAt: second * 1_000 + (second > 4 ? milliseconds : 0),
        cameAt: second * 1_000)
      model.tick(at: start + second * 1_000_000)
    }
    #expect(abs((rate(model) ?? 0) - 100) < 1, "\(String(describing: rate(model)))")
  }

  @Test("before half a second was watched no rate is said, of functions, of gateways and of all")
  func unknown() throws {
    var model = connected()
    tell(&model, 100, sentAt: 0, cameAt: 0, isSnapshot: true)
    tell(&model, 112, sentAt: 150, cameAt: 150)
    model.tick(at: start + 200_000)
    #expect(rate(model) == nil && model.header(ViewSettings()).ratesKnown == .none)
    let gateway = try #require(model.nodes(ViewSettings()).first)
    #expect(gateway.requestsPerSecond == nil && gateway.cpuPercent == nil)
    #expect(model.header(ViewSettings()).trend.allSatisfy { $0 < 0 })
    // A rule does not fire for it, whichever way it is written.
    for text in ["rps < 50", "rps > 10"] {
      let expression = try AlertExpression(parsing: text)
      #expect(!model.evaluate(expression, window: .oneMinute).contains { $0.holds }, "\(text)")
    }
    tell(&model, 192, sentAt: 1_150, cameAt: 1_150)
    model.tick(at: start + 1_200_000)
    #expect(abs((rate(model) ?? 0) - 80) < 1 && model.header(ViewSettings()).ratesKnown == .all)
  }

  @Test("while some gateways have told no rate yet, the sum is told as that of a part")
  func part() {
    var model = connected(3)
    for index in 0..<3 { tell(&model, 100, of: index, sentAt: 0, cameAt: 0, isSnapshot: true) }
    #expect(model.header(ViewSettings()).ratesKnown == .none)
    tell(&model, 200, of: 0, sentAt: 1_000, cameAt: 1_000)
    #expect(model.header(ViewSettings()).ratesKnown == .part)
    for index in 1..<3 { tell(&model, 200, of: index, sentAt: 1_000, cameAt: 1_000) }
    let header = model.header(ViewSettings())
    #expect(header.ratesKnown == .all && header.requestsPerSecond == 300)
  }

  @Test("a gateway that is not heard is none that has to tell a rate, and of none there is none")
  func gone() {
    var fixture = ModelFixture(gateways: 2)
    for _ in 0..<3 { fixture.tick { state, _ in state.add(ok: [1_000]) } }
    fixture.model.fold(.frame(.bye(reason: "shutdown")), of: 1, at: fixture.now)
    #expect(fixture.model.header(ViewSettings()).ratesKnown == .all)
    fixture.model.fold(.frame(.bye(reason: "shutdown")), of: 0, at: fixture.now)
    #expect(fixture.model.header(ViewSettings()).ratesKnown == .none)
  }
}
