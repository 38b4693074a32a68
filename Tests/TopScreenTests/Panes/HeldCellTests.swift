import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import Testing
import TopModel

@testable import TopScreen

@Suite("A chosen cell of the heat map")
struct HeldCellTests {
  /// Two gateways that tell of their seconds, one of them half a second later.
  private struct Watch {
    var model = ClusterModel(targets: ["gw1:4710", "gw2:4710"])
    var counted = GatewayState()
    var second: Int64 = 0
    var now: Int64 { 1_700_000_000_000_000 + second * 1_000_000 }

    init() {
      for index in 0..<2 {
        let hello = Hello(node: "gw\(index + 1)", software: "1", startedAt: 1)
        model.fold(.connected(hello), of: index, at: now)
        model.fold(.frame(.snapshot(at: now, sequence: 0, counted)), of: index, at: now)
      }
    }

    /// A second passes in which the first gateway ended requests that took so long, in microseconds.
    mutating func tick(_ latencies: [Int64]) {
      second += 1
      var new = counted
      if new.series.isEmpty { new.series = [SeriesState(service: "users", requestType: "get")] }
      for latency in latencies {
        new.series[0].requests += 1
        new.series[0].outcomes["ok", default: 0] += 1
        new.series[0].latency.record(latency)
      }
      model.fold(.frame(.state(at: now, sequence: 0, new.changes(since: counted))), of: 0, at: now)
      counted = new
      let late = now + 500_000
      model.fold(
        .frame(.state(at: late, sequence: 0, GatewayState().changes(since: GatewayState()))), of: 1, at: late)
      model.tick(at: late)
    }
  }

  private func text(_ watch: Watch, _ state: ScreenState) -> String {
    TextWriter.write(ScreenRenderer().render(model: watch.model, state: state))
  }

  /// What the line below the map says of the cell, up to the frame.
  private func line(_ text: String) -> String {
    let line = text.split(separator: "\n").first { $0.contains(" of ") && $0.contains(" at ") }
    let part = line?.split(separator: "│").first { $0.contains(" of ") && $0.contains(" at ") }
    return part.map { $0.trimmingPrefix { $0 == " " }.description } ?? "none\n\(text)"
  }

  @Test(
    "it stays the same time and latencies while it is on the screen, and Enter opens what its line says",
    arguments: [(80, 24), (100, 30), (120, 36), (160, 44)],
    [StatisticsWindow.oneMinute, .fiveMinutes])
  func held(_ size: (width: Int, height: Int), _ window: StatisticsWindow) throws {
    var watch = Watch()
    let length = window == .oneMinute ? 60 : 300
    for _ in 0..<(length + 7) { watch.tick([15_000, 31_000]) }
    watch.tick([400_000])
    // The part of the window that the cell stands for is over.
    for _ in 0..<14 { watch.tick([15_000, 31_000]) }
    var state = ScreenState()
    state.size = ScreenSize(width: size.width, height: size.height)
    state.focus = .latency
    state.isZoomed = size.width < 100
    state.settings.latencyMode = .heatMap
    state.settings.window = window
    let controller = ScreenController(themeNames: ["default"])
    _ = controller.handle(Key(.up), state: &state, content: ScreenContent(model: watch.model, state: state))
    let first = line(text(watch, state)).replacing(" ", with: "")
    #expect(first.hasPrefix("Enter1requestof") || first.hasPrefix("Enter1of"), "\(first)")
    for step in 0..<(length - 40) {
      // Others become faster and slower than all before, which makes the map one of other bands.
      watch.tick(step == 5 ? [7, 60, 400] : step == 9 ? [9_000_000, 99_000_000] : [15_000])
      let now = text(watch, state)
      let told = line(now)
      guard told.replacing(" ", with: "") == first else {
        Issue.record("after \(step): \(told) was \(first)\n\(now)")
        return
      }
      guard step % 9 == 0 else { continue }
      var opened = state
      _ = controller.handle(
        Key(.enter), state: &opened, content: ScreenContent(model: watch.model, state: opened))
      let page = text(watch, opened)
      let time = try #require(told.split(separator: " at ").last).split(separator: " ").first ?? ""
      #expect(page.contains(" at \(time) ") && page.contains("1 by the gateways"), "\(told)\n\(page)")
    }
  }
}
