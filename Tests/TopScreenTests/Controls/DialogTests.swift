import Testing
import TopModel

@testable import TopScreen

@Suite("Dialogs")
struct DialogTests {
  @Test("help lists every command with its keys, and can be searched")
  func help() throws {
    let desk = Desk(width: 100, height: 120)
    desk.type("?")
    try expectSnapshot(desk.screen, "help")
    for command in Command.allCases where command != .focusNext { #expect(desk.text.contains(command.title)) }
    desk.type("zoom")
    #expect(desk.text.contains("Zoom the focused pane"))
    #expect(!desk.text.contains("Next theme"))
    desk.press(Key(.escape))
    #expect(desk.state.dialogs.isEmpty)
  }

  @Test("the palette finds commands by their letters and runs them")
  func palette() {
    let desk = Desk()
    desk.type(":heat")
    #expect(PaletteDialog.score("lm", in: "latency-mode") != nil)
    #expect(PaletteDialog.score("xyz", in: "latency-mode") == nil)
    desk.press(Key(.enter))
    #expect(desk.state.settings.latencyMode == .heatMap)
    #expect(desk.state.dialogs.isEmpty)
  }

  @Test(
    "the palette focuses every pane by its name and by its title, a hidden one too",
    arguments: PaneKind.allCases)
  func panes(_ pane: PaneKind) {
    for query in [
      "pane-\(pane.key.replacing("_", with: "-"))", "\(pane.title)", "\(pane.title)".lowercased(),
    ] {
      let desk = Desk()
      desk.seat.withLock { $0.state.hidden = [pane] }
      desk.type(":\(query)")
      desk.press(Key(.enter))
      #expect(desk.state.focus == pane && desk.state.hidden.isEmpty && desk.state.dialogs.isEmpty, "\(query)")
    }
  }

  @Test("Enter shows what is known of a row", arguments: PaneKind.allCases)
  func details(_ pane: PaneKind) throws {
    let desk = Desk()
    desk.seat.withLock { $0.content.detailLatency = Sample.latency() }
    desk.type("\(pane.rawValue)j")
    desk.press(Key(.enter))
    #expect(desk.state.dialogs.count == 1)
    try expectSnapshot(desk.screen, "details-\(pane.key)")
  }

  @Test("from an event Enter goes to its request, from there to each of its events, and Esc back")
  func trace() throws {
    let desk = Desk()
    desk.seat.withLock {
      $0.content.trace = Array(Sample.events.filter { $0.record.requestID == "req_81f2" }.suffix(5))
    }
    desk.type("7kk")
    desk.press(Key(.enter), Key(.enter))
    #expect(desk.state.dialogs.last == .detail(DetailDialog(.request("req_81f2"))))
    try expectSnapshot(desk.screen, "details-trace")
    desk.type("jj")
    desk.press(Key(.enter))
    #expect(desk.state.dialogs.count == 3)
    desk.press(Key(.enter))
    #expect(desk.state.dialogs.count == 2)
    desk.press(Key(.escape), Key(.escape))
    #expect(desk.state.dialogs.isEmpty)
  }

  @Test(
    "every dialog looks as it did, whatever its data and the size",
    arguments: [(80, 24), (120, 36), (200, 60)], Variant.allCases)
  func sizes(_ size: (Int, Int), _ variant: Variant) throws {
    let opening: [(String, String)] =
      PaneKind.allCases.map { ("details-\($0.key)", "\($0.rawValue)\n") }
      + [
        ("help", "?"), ("palette", ":"), ("services", "f"), ("nodes", "n"), ("categories", "e"),
        ("filter", "/service:u"), ("faulty-filter", "/status:purple"),
      ]
    for (name, keys) in opening {
      let desk = Desk(width: size.0, height: size.1)
      desk.seat.withLock {
        $0.content = variant.content
        $0.content.detailLatency = Sample.latency()
        $0.content.function = Sample.function
        $0.content.gateway = Sample.gateway
        $0.content.episodes = Sample.episodes
        if !$0.content.configs.services.isEmpty {
          $0.content.configs.services[0].comparison.differences = Sample.differences
        }
      }
      for character in keys { desk.press(character == "\n" ? Key(.enter) : .character(character)) }
      try expectSnapshot(
        desk.screen, of: variant, isUsualSize: size.0 == 120,
        "dialogs/\(name)-\(variant.rawValue)-\(size.0)x\(size.1)")
    }
  }

  @Test("details of hostile data stay within the dialog", arguments: PaneKind.allCases)
  func hostile(_ pane: PaneKind) {
    for size in [(40, 10), (80, 24), (200, 60)] {
      let desk = Desk(width: size.0, height: size.1)
      desk.seat.withLock { $0.content = Sample.hostile }
      desk.type("\(pane.rawValue)")
      for _ in 0..<Sample.nasty.count {
        desk.press(.character("j"), Key(.enter))
        expectExactWidths(desk.screen)
        desk.press(Key(.escape))
      }
    }
  }

  @Test("a row that has gone is said to be gone")
  func gone() {
    let desk = Desk()
    desk.press(Key(.enter))
    desk.seat.withLock { $0.content.requests = [] }
    #expect(desk.text.contains("it is gone"))
  }

  @Test("long details scroll to their end and no further")
  func scrolling() {
    let desk = Desk(width: 80, height: 24)
    desk.seat.withLock { $0.content.detailLatency = Sample.latency() }
    desk.type("j")
    desk.press(Key(.enter))
    for _ in 0..<100 { desk.type("j") }
    let end = desk.text
    desk.type("j")
    #expect(desk.text == end)
    desk.type("k")
    #expect(desk.text != end)
  }

  @Test("a service node's details say which gateway sees it up, and whether they agree")
  func sightings() {
    let desk = Desk()
    desk.type("8G")
    desk.press(Key(.enter))
    #expect(desk.text.contains("they do not agree"))
    #expect(desk.text.contains("○ gw1               down since 40s"))
    #expect(desk.text.contains("● gw2               up   since 40s"))
  }

  @Test("in a group who is muted comes first, then who waits, then admins")
  func members() throws {
    let desk = Desk()
    desk.type("6")
    desk.press(Key(.enter))
    let names = desk.text.split(separator: "\n").filter { $0.contains(" conn ") }
    let statuses = names.compactMap { line in
      ["muted", "pending", "admin", "member"].first { line.contains(" \($0) ") }
    }
    #expect(statuses == statuses.sorted { order($0) < order($1) })
    #expect(Set(statuses).count > 2)
  }

  private func order(_ status: String) -> Int {
    ["muted", "pending", "admin", "member"].firstIndex(of: status) ?? 9
  }

  @Test("the details of a quiet rule go on when it begins to fire")
  func alertGoesOn() {
    let desk = Desk()
    desk.seat.withLock { $0.content.alerts = [AlertRow(id: "3", rule: "node down")] }
    desk.type("9")
    desk.press(Key(.enter))
    #expect(desk.text.contains("quiet"))
    desk.seat.withLock {
      $0.content.alerts = [
        AlertRow(id: "3\u{1F}gw2", rule: "node down", subject: "gw2", isFiring: true, since: Sample.now)
      ]
    }
    #expect(desk.text.contains("firing"))
  }

  @Test("what y copies of details has the times that are on the screen")
  func copyTimes() {
    let desk = Desk()
    desk.seat.withLock { $0.state.clockOffset = 7_200 }
    desk.type("7k")
    desk.press(Key(.enter))
    desk.type("y")
    guard case .copy(let text)? = desk.actions.first else {
      Issue.record("nothing was copied")
      return
    }
    #expect(text.contains("14:04:3"))
    #expect(desk.text.contains("14:04:3"))
  }

  @Test("beside a long title a page has fewer hints, none of them cut", arguments: [80, 120])
  func hints(width: Int) {
    let desk = Desk(width: width, height: 30)
    desk.seat.withLock { seat in
      seat.content.requests[0].requestType = "a_function_with_a_name_of_forty_letters"
      seat.state.dialogs = [.detail(DetailDialog(.function(seat.content.requests[0].id)))]
    }
    let lines = desk.text.split(separator: "\n").map(String.init)
    let head = lines.first { $0.contains("a_function_with_a_name") && $0.contains("─╮") } ?? ""
    #expect(!head.contains("…") && !head.isEmpty, "\(desk.text)")
  }

  @Test("y in details copies all lines")
  func copy() {
    let desk = Desk()
    desk.type("8")
    desk.press(Key(.enter))
    desk.type("y")
    guard case .copy(let text)? = desk.actions.first else {
      Issue.record("nothing was copied")
      return
    }
    #expect(text.contains("version") && text.contains("1.0.0"))
  }
}
