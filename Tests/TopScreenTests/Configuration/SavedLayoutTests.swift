import Testing
import TopModel

@testable import TopScreen

@Suite("A saved layout")
struct SavedLayoutTests {
  private var arranged: ScreenState {
    var state = ScreenState()
    state.hidden = [.relay]
    state.focus = .nodes
    state.isZoomed = true
    state.columns[.nodes] = ["node", "cpu%"]
    state.sort(.nodes, by: ColumnSort("cpu%", isRising: true))
    state.sort(.requests, by: ColumnSort("p99", isRising: false))
    state.settings.window = .fiveMinutes
    state.settings.circuitView = .openOnly
    state.themeName = "nord"
    return state
  }

  @Test("the next start is as the screen was")
  func again() throws {
    var configuration = Configuration()
    try configuration.apply(
      savedLayout: SavedLayout.text(arranged, started: Configuration()), file: "config.layout.toml")
    var state = ScreenState()
    configuration.apply(to: &state)
    state.themeName = configuration.theme
    #expect(state == arranged)
    #expect(configuration.origins["sort.nodes"] == .file("config.layout.toml", line: 20))
  }

  @Test(
    "what a person configured holds where the screen says nothing else, and their theme is not taken over")
  func over() throws {
    let own = "theme = \"light\"\n[columns]\nrelay = [\"group\"]\n[sort]\nrelay = \"group\"\nnodes = \"mem\""
    let started = try Configuration(toml: own, file: "config.toml")
    var state = ScreenState()
    started.apply(to: &state)
    state.themeName = "light"
    state.sort(.nodes, by: nil)
    state.columns[.relay] = nil
    let text = SavedLayout.text(state, started: started)
    #expect(!text.contains("theme") || !text.contains("light"))
    var again = started
    try again.apply(savedLayout: text, file: "config.layout.toml")
    #expect(again.theme == "light" && !again.savedTheme)
    #expect(again.sorts == [.relay: ColumnSort("group", isRising: true)])
    #expect(again.columns[.relay] == RelayPane.columnNames)
  }

  @Test("it may hold no more than a layout, and a fault leaves everything as it was")
  func refused() throws {
    var configuration = Configuration()
    let before = configuration
    for text in ["targets = [\"evil:1\"]", "window = \"5m\"\nkeys.quit = \"x\"", "window = \"2m\"", "["] {
      #expect(throws: DashboardConfigurationError.self) {
        try configuration.apply(savedLayout: text, file: "l")
      }
      #expect(configuration == before)
    }
  }

  @Test("what somebody else wrote is told from what the program wrote")
  func ours() {
    #expect(SavedLayout.isOurs(SavedLayout.text(ScreenState(), started: Configuration()).utf8))
    #expect(SavedLayout.isOurs([]))
    #expect(!SavedLayout.isOurs("window = \"5m\"\n".utf8))
    #expect(SavedLayout.path(beside: "/a/config.toml") == "/a/config.layout.toml")
    #expect(SavedLayout.path(beside: "/a/mine") == "/a/mine.layout.toml")
  }

  @Test("W asks for it to be saved")
  func key() {
    let desk = Desk()
    desk.type("W")
    #expect(desk.actions == [.saveLayout])
  }
}
