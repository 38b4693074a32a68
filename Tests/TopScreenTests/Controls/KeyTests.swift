import GenAPIStream
import GenAPITelemetry
import Testing
import TopModel

@testable import TopScreen

@Suite("Keys")
struct KeyTests {
  @Test("q quits, and so does Ctrl-C wherever one is")
  func quit() {
    let desk = Desk()
    desk.press(.character("q"))
    #expect(desk.actions == [.quit])
    desk.press(.character("/"), .control("c"))
    #expect(desk.actions == [.quit])
  }

  @Test("digits focus panes, also those that are not on the screen")
  func digits() {
    let desk = Desk(width: 80, height: 24)
    desk.press(.character("8"))
    #expect(desk.state.focus == .nodes)
    #expect(desk.text.contains("8 Nodes"))
  }

  @Test("Tab goes through all panes on the screen and back to the first")
  func tab() {
    let desk = Desk()
    let count = desk.state.layout.panes.count
    for _ in 0..<count { desk.press(Key(.tab)) }
    #expect(desk.state.focus == .requests)
    desk.press(Key(.tab, shift: true))
    #expect(desk.state.focus == .events)
  }

  @Test("h and l go to the pane beside")
  func sideways() {
    let desk = Desk()
    desk.press(.character("l"))
    #expect(desk.state.focus == .latency)
    desk.press(.character("h"))
    #expect(desk.state.focus == .requests)
    desk.press(.character("h"))
    #expect(desk.state.focus == .requests)
  }

  @Test("j, k, g and G move the selection and stop at the ends")
  func selection() {
    let desk = Desk()
    desk.type("jj")
    #expect(desk.state[list: .requests].index == 2)
    desk.type("kkkk")
    #expect(desk.state[list: .requests].index == 0)
    desk.type("G")
    #expect(desk.state[list: .requests].index == Sample.requests.count - 1)
    desk.type("g")
    #expect(desk.state[list: .requests].index == 0)
  }

  @Test(
    "g in the events goes to the oldest that is kept, though more are kept than one usually scrolls through")
  func oldest() {
    var model = ClusterModel(targets: ["gw1:4710"])
    model.fold(.connected(Hello(node: "gw1", software: "x", startedAt: 1)), of: 0, at: Sample.now)
    for number in 0..<3_000 {
      let record = EventRecord(
        sequence: Int64(number), at: Sample.now + Int64(number), name: EventName.executorRequestStart.path)
      model.fold(.frame(.event(record)), of: 0, at: Sample.now + Int64(number))
    }
    var state = ScreenState()
    state.size = ScreenSize(width: 120, height: 36)
    state.focus = .events
    let views = ViewCache()
    func content() -> ScreenContent {
      let content = ScreenContent(model: model, state: state, views: views)
      state.keepWhatIsRead(content)
      return content
    }
    #expect(content().events.count == ScreenContent.mostEvents)
    let newest = content()
    _ = ScreenController().handle(.character("g"), state: &state, content: newest)
    let all = content()
    #expect(all.events.first?.record.sequence == 0)
    #expect(state.selectedID(all) == all.events.first?.id)
    // Following again there are as many as before.
    _ = ScreenController().handle(.character("G"), state: &state, content: all)
    #expect(content().events.count == ScreenContent.mostEvents)
  }

  @Test("the selection holds on to its row when the rows are sorted anew")
  func heldSelection() {
    let desk = Desk()
    desk.type("jj")
    desk.seat.withLock { $0.content.requests.reverse() }
    #expect(desk.text.contains("▸payment_serv"))
    desk.type("j")
    #expect(desk.state[list: .requests].selectedID == Sample.requests[1].id)
  }

  @Test("z zooms the pane and Esc goes back")
  func zoom() {
    let desk = Desk()
    desk.press(.character("6"), .character("z"))
    #expect(desk.state.layout.panes == [.relay])
    desk.press(Key(.escape))
    #expect(desk.state.layout.panes.count > 1)
  }

  @Test("x hides a pane, its digit and X bring it back")
  func hide() {
    let desk = Desk()
    desk.press(.character("2"), .character("x"))
    #expect(desk.state.layout.rect(of: .latency) == nil)
    #expect(desk.state.focus != .latency)
    desk.press(.character("2"))
    #expect(desk.state.layout.rect(of: .latency) != nil)
    desk.press(.character("x"), .character("X"))
    #expect(desk.state.hidden.isEmpty)
  }

  @Test("s, S, m, w, c and C change what the panes show")
  func views() {
    let desk = Desk()
    desk.type("sS")
    #expect(desk.state.settings.requestSort == .rate)
    #expect(desk.state.settings.isSortReversed)
    desk.type("mw")
    #expect(desk.state.settings.latencyMode == .heatMap)
    #expect(desk.state.settings.window == .fiveMinutes)
    desk.type("cc")
    #expect(desk.state.settings.circuitView == .timeline)
    desk.type("CCC")
    #expect(desk.state.settings.circuitView == .byService)
  }

  @Test("t walks through the themes")
  func themes() {
    let desk = Desk()
    desk.type("t")
    #expect(desk.actions == [.themeChanged("light")])
    desk.type("tt")
    #expect(desk.state.themeName == "default")
  }

  @Test("R asks for a recording, y for the clipboard")
  func actions() {
    let desk = Desk()
    desk.type("R")
    #expect(desk.actions == [.toggleRecording])
    desk.type("jy")
    let row = "order_service create_order 1.1.0 201/s err 2.1% p99 77.0ms"
    #expect(desk.actions == [.copy("Requests 1m  gw1 gw2  2026-03-14 12:04:31\n" + row)])
  }

  @Test("the tail of events is left by going up and found again at its end")
  func following() {
    let desk = Desk()
    desk.type("7k")
    #expect(!desk.state.isFollowing)
    #expect(desk.text.contains("held"))
    desk.type("j")
    #expect(desk.state.isFollowing)
    desk.type("gG")
    #expect(desk.state.isFollowing)
  }

  @Test("a held event stays where it is on the screen while new ones come")
  func held() {
    let desk = Desk()
    desk.type("7kkk")
    let row = desk.text.split(separator: "\n").firstIndex { $0.contains("▸") }
    desk.seat.withLock {
      var late = $0.content.events[0]
      late.record.sequence = 99_999
      $0.content.events = Array($0.content.events.dropFirst(3)) + [late]
    }
    #expect(desk.text.split(separator: "\n").firstIndex { $0.contains("▸") } == row)
  }

  @Test("keys of a configuration file replace the standard ones, faults are named")
  func keyMap() throws {
    let map = try KeyMap(replacing: ["quit": ["Q", "ctrl-q"], "zoom": ["f5"]])
    #expect(map.command(for: .character("Q")) == .quit)
    #expect(map.command(for: .control("q")) == .quit)
    #expect(map.command(for: .character("q")) == nil)
    #expect(map.command(for: Key(.function(5))) == .zoom)
    #expect(throws: KeyMapError.unknownCommand("fly")) { try KeyMap(replacing: ["fly": ["f"]]) }
    #expect(throws: KeyMapError.unknownKey("hyper-x", command: "zoom")) {
      try KeyMap(replacing: ["zoom": ["hyper-x"]])
    }
    #expect(throws: KeyMapError.takenTwice("a", "copy", "zoom")) {
      try KeyMap(replacing: ["zoom": ["a"], "copy": ["a"]])
    }
  }
}
