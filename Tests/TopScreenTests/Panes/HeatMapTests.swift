import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import Testing
import TopModel

@testable import TopScreen

@Suite("The heat map")
struct HeatMapTests {
  private func desk() -> Desk {
    let desk = Desk()
    desk.seat.withLock { seat in
      seat.state.settings.latencyMode = .heatMap
      seat.state.focus = .latency
      seat.content.latency.endSecond = Sample.now / 1_000_000
      seat.content.latency.windowSeconds = 60
    }
    return desk
  }

  @Test("a legend says how many requests a shade stands for")
  func legend() {
    let text = desk().text
    #expect(
      text.contains("░░ 1") && text.contains("██ ") && text.contains("requests in 1s"), "\(text)")
    // A shade that no cell can have is not told.
    var view = LatencyView()
    view.bandBounds = [0, 10, 20]
    view.histogram = [0, 2, 0]
    view.slots = [.init(bands: [0, 2, 0])]
    let map = HeatMap(view, height: 5)
    #expect(map?.steps(shades: 4).map(\.from) == [1, 2])
  }

  @Test("up begins at the slowest requests, arrows go from cell to cell, Esc ends")
  func cursor() throws {
    let desk = desk()
    desk.press(Key(.up))
    let start = try #require(desk.state.heatCursor)
    #expect(start.durations.lowerBound == desk.seat.withLock { $0.content.latency.bandBounds[13] })
    #expect(desk.text.contains("Enter 2 requests of 178ms to 316ms at 12:04:2"), "\(desk.text)")
    expectExactWidths(desk.screen)
    desk.press(Key(.left))
    #expect(desk.state.heatCursor?.second == start.second - 1 && desk.state.focus == .latency)
    desk.press(Key(.down))
    #expect(desk.state.heatCursor!.durations.lowerBound < start.durations.lowerBound)
    desk.press(Key(.escape))
    #expect(desk.state.heatCursor == nil)
    // Without a cursor the arrows do what they do elsewhere.
    desk.press(Key(.left))
    #expect(desk.state.focus != .latency)
  }

  @Test("the cursor stays with its second while the map moves on, and ends at its edge")
  func moving() throws {
    let desk = desk()
    desk.press(Key(.up), Key(.left))
    let cursor = try #require(desk.state.heatCursor)
    desk.seat.withLock { $0.content.latency.endSecond += 5 }
    #expect(desk.text.contains(TimeText.clock(cursor.second * 1_000_000)))
    desk.seat.withLock { $0.content.latency.endSecond += 500 }
    expectExactWidths(desk.screen)
    desk.press(Key(.left))
    #expect(desk.state.heatCursor!.second > cursor.second)
  }

  @Test("Enter opens the requests of the cell; where none is kept the page says so, and from when on all are")
  func open() throws {
    let desk = desk()
    desk.press(Key(.up), Key(.enter))
    guard case .detail? = desk.state.dialogs.last else {
      Issue.record("nothing was opened")
      return
    }
    desk.seat.withLock {
      $0.content.breakdown = EventBreakdown()
      $0.content.eventsSince = Sample.now - 3_000_000
    }
    #expect(desk.text.contains("none of them is kept"), "\(desk.text)")
    #expect(desk.text.contains("every event is kept since 12:04:28"))
    desk.seat.withLock { $0.content.breakdown = EventBreakdown($0.content.events) }
    #expect(desk.text.contains("Latest requests"), "\(desk.text)")
    // Of what was counted a part only.
    let kept = desk.seat.withLock { $0.content.breakdown.requests }
    guard case .detail(let dialog)? = desk.state.dialogs.last, let cell = dialog.subject.detail as? HeatDetail
    else {
      Issue.record("no cell is open")
      return
    }
    #expect(desk.text.contains("of them kept") == (Int64(kept) < cell.count), "\(desk.text)")
    desk.seat.withLock {
      $0.content.breakdown = EventBreakdown(Array($0.content.events.filter(\.record.endsRequest).prefix(1)))
    }
    #expect(
      cell.count > 1 && desk.text.contains("of 1 of them kept; every event since 12:04:28"), "\(desk.text)")
    desk.press(Key(.escape))
    #expect(desk.state.dialogs.isEmpty && desk.state.heatCursor != nil)
  }

  @Test("a cell finds the kept events of its second and latencies, and no others")
  func found() throws {
    var model = ClusterModel(targets: ["gw1:4710"])
    let second: Int64 = 1_700_000_000
    model.fold(.connected(Hello(node: "gw1", startedAt: 1)), of: 0, at: second * 1_000_000)
    for (number, at, took) in [(1, 0, 15_000), (2, 0, 25_000), (3, -5, 15_000), (4, 1, 19_000)]
      as [(Int64, Int64, Int64)]
    {
      let record = EventRecord(
        sequence: number, at: (second + at) * 1_000_000 - 1, name: EventName.executorRequestStop.path,
        measurements: ["duration_us": .int(took)],
        metadata: [
          "request_id": .string("r\(number)"), "service": "users", "request_type": "get", "outcome": "ok",
          "success": true,
        ])
      model.fold(.frame(.event(record)), of: 0, at: (second + 1) * 1_000_000)
    }
    var content = ScreenContent()
    let source = PaneSource(
      model: model, views: ViewCache(), state: ScreenState(), rect: Rect(x: 0, y: 0, width: 80, height: 24))
    HeatDetail(seconds: second...second, durations: 10_000..<20_000, scope: .service("users"), count: 2)
      .load(&content, source)
    #expect(content.breakdown.ends.compactMap(\.record.requestID) == ["r4", "r1"])
    HeatDetail(seconds: second...second, durations: 10_000..<20_000, scope: .service("orders"), count: 2)
      .load(&content, source)
    #expect(content.breakdown.ends.isEmpty)
  }

  @Test("several seconds are told in few columns")
  func times() {
    let context = PaneContext()
    #expect(LatencyPane.times(31...31, context) == "00:00:31")
    #expect(LatencyPane.times(31...44, context) == "00:00:31-44")
    #expect(LatencyPane.times(58...62, context) == "00:00:58-00:01:02")
  }

  @Test("the row of the cell that is looked at stays that of its latencies, whatever others there are")
  func keptRow() throws {
    var view = LatencyView()
    view.bandBounds = (0..<20).map { Int64($0) * 10 }
    for (first, last) in [(0, 19), (3, 9), (7, 7), (12, 19)] {
      let bands = (0..<20).map { Int64($0 >= first && $0 <= last ? 1 : 0) }
      view.histogram = bands
      view.slots = [.init(bands: bands)]
      for height in 3...22 {
        for (low, high) in [(0, 1), (4, 6), (9, 9), (18, 19)] {
          let durations = Int64(low) * 10..<(high == 19 ? .max : Int64(high + 1) * 10)
          let map = try #require(HeatMap(view, height: height, keeping: durations))
          #expect(map.rows.contains(low...high) && map.rows.count <= height && map.lines.count <= height)
          #expect(map.rows.flatMap { Array($0) } == Array(min(first, low)...max(last, high)))
          #expect(Set(map.lines) == Set(map.rows.indices) && map.lines == map.lines.sorted())
          let cursor = HeatCursor(seconds: 0...0, durations: durations)
          #expect(map.durations(map.place(of: cursor).row) == durations)
        }
      }
    }
  }

  @Test("a click takes a cell, on the one that is taken it opens it")
  func click() {
    let desk = desk()
    let rect = desk.state.layout.rect(of: .latency)!
    let (column, row) = (rect.maxX - 10, rect.y + 4)
    desk.click(.left, column, row)
    #expect(desk.state.heatCursor != nil && desk.state.dialogs.isEmpty)
    desk.click(.left, column, row)
    #expect(desk.state.dialogs.count == 1)
  }

  @Test("what happened does not paint over the times, however many marks there are", arguments: [5, 12])
  func marks(height: Int) {
    var content = Sample.content
    content.timeMarks = (0..<60).map {
      TimeMark(at: Sample.now - Int64($0) * 1_000_000, kind: .alert, label: "x")
    }
    for mode in [LatencyMode.lines, .heatMap] {
      var settings = ViewSettings()
      settings.latencyMode = mode
      let text = TextWriter.write(PaneTests.draw(.latency, content, settings, width: 60, height: height))
      for label in ["-60s", "-30s", "now", "▲"] { #expect(text.contains(label), "\(mode)\n\(text)") }
    }
  }
}
