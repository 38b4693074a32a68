import Foundation
import Testing
import TopModel

@testable import TopScreen

@Suite("The configuration file")
struct ConfigurationTests {
  static let whole = """
    targets = ["gw1:4710", "gw2"]
    token_file = "/etc/genapi/token"
    interval = "500ms"
    theme = "nord"
    color = false
    ascii = true
    mouse = false
    filter = "service:order_*"
    window = "5m"

    [layout]
    hide = ["relay", "rate_limits"]
    focus = "circuits"
    zoom = true
    circuits = "open-only"
    latency = "heat-map"
    sort = "in-flight"
    reverse = true

    [columns]
    requests = ["type", "p99"]

    [keys]
    quit = ["x", "ctrl-q"]
    record = "f5"

    [alerts]
    bell = true
    defaults = false
    rules = ["p99(order_service) > 250ms for 30s"]
    critical = ["rejects > 5/s"]
    """

  @Test("every key is understood")
  func everyKey() throws {
    let read = try Configuration(toml: Self.whole, file: "config.toml")
    #expect(read.targets == ["gw1:4710", "gw2"])
    #expect(read.tokenFile == "/etc/genapi/token")
    #expect(read.intervalMs == 500)
    #expect(read.theme == "nord")
    #expect(!read.hasColor && read.usesASCII && !read.hasMouse)
    #expect(read.filter == "service:order_*")
    #expect(read.window == .fiveMinutes)
    #expect(read.layout.hidden == [.relay, .limits])
    #expect(read.layout.focus == .circuits && read.layout.isZoomed)
    #expect(read.layout.circuits == .openOnly && read.layout.latency == .heatMap)
    #expect(read.layout.sort == .inFlight && read.layout.isReversed)
    #expect(read.columns == [.requests: ["type", "p99"]])
    #expect(read.keyMap.command(for: .character("x")) == .quit)
    #expect(read.keyMap.command(for: .character("q")) == nil)
    #expect(read.keyMap.command(for: Key(.function(5))) == .record)
    #expect(read.alerts.hasBell && !read.alerts.hasDefaults)
    #expect(
      read.alerts.all.map(\.expression.text) == ["rejects > 5/s", "p99(order_service) > 250ms for 30s"])
    #expect(read.alerts.all.map(\.isCritical) == [true, false])
    #expect(read.origins["layout.zoom"] == .file("config.toml", line: 14))
    #expect(read.origins["alerts.rules"] == .file("config.toml", line: 30))
  }

  @Test("the example in docs is understood, and says the defaults right")
  func example() throws {
    let file = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../../docs/config.example.toml")
    let text = try String(contentsOf: file.standardized, encoding: .utf8)
    let read = try Configuration(toml: text, file: "example")
    #expect(read.layout == Configuration.LayoutConfiguration())
    #expect(read.window == Configuration().window && read.theme == Configuration().theme)
    let words = text.replacing("#", with: "").split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains(AlertRule.defaultTexts.joined(separator: ", ")))
    // How many targets there may be is said here and in the manual.
    #expect(words.contains("unix:/path; at most \(Configuration.mostTargets) "))
    let page = file.standardized.deletingLastPathComponent().appendingPathComponent("genapi-top.1")
    let manual = try String(contentsOf: page, encoding: .utf8)
    #expect(manual.contains("at most \(Configuration.mostTargets) are watched at once"))
  }

  @Test("what is printed can be read again and says where each value is from")
  func printed() throws {
    var read = try Configuration(toml: Self.whole, file: "config.toml")
    read.origins["theme"] = .flag("--theme")
    read.origins["color"] = .environment("NO_COLOR")
    let text = read.text
    func line(_ start: String) -> Substring? { text.split(separator: "\n").first { $0.hasPrefix(start) } }
    #expect(line("theme")?.hasSuffix("# flag --theme") == true)
    #expect(line("color")?.hasSuffix("# environment NO_COLOR") == true)
    #expect(line("window")?.hasSuffix("# file config.toml:9") == true)
    #expect(line("events")?.hasSuffix("# default") == true)
    var again = try Configuration(toml: text, file: "again.toml")
    #expect(again.keyMap == read.keyMap)
    again.origins = read.origins
    again.keys = read.keys
    again.columns = read.columns
    #expect(again == read)
    let plain = try Configuration(toml: Configuration().text, file: "plain.toml")
    #expect(plain.keyMap == .standard && plain.alerts == Configuration().alerts)
  }

  @Test(
    "a fault names the file, the line, the key and what is allowed",
    arguments: [
      ("them = \"nord\"", "c.toml:1: them: ", "allowed are targets"),
      ("\n\ntheme = 7", "c.toml:3: theme: ", "must be text"),
      ("window = \"2m\"", "c.toml:1: window: \"2m\"", "10s, 1m, 5m, 15m"),
      ("interval = \"1h\"", "c.toml:1: interval: \"1h\"", "\"100ms\" to \"60s\""),
      ("targets = \"gw1\"", "c.toml:1: targets: ", "a list of host:port"),
      ("filter = \"servce:x\"", "c.toml:1: filter: \"servce:x\"", "allowed are service:"),
      ("[layout]\nhide = [\"events\", \"logs\"]", "c.toml:2: layout.hide: \"logs\"", "rate_limits"),
      ("[layout]\nzoom = \"yes\"", "c.toml:2: layout.zoom: ", "true or false"),
      ("layout.sort = \"name\"", "c.toml:1: layout.sort: \"name\"", "in-flight"),
      ("[layout]\n# zoom = 1\nside = 1", "c.toml:3: layout.side: ", "allowed are hide"),
      ("layout = 3", "c.toml:1: layout: ", "[layout]"),
      ("[columns]\nrequests = [\"size\"]", "c.toml:2: columns.requests: \"size\"", "err%"),
      ("[columns]\nlatency = [\"x\"]", "c.toml:2: columns.latency: ", "allowed are requests"),
      ("[columns]\nnodes = []", "c.toml:2: columns.nodes: ", "at least one"),
      ("[keys]\nquit = \"q\"\nfly = \"x\"", "c.toml:3: keys.fly: ", "there are help"),
      ("[keys]\nquit = \"hyper-q\"", "c.toml:2: keys.quit: ", "hyper-q"),
      ("[keys]\nquit = 1", "c.toml:2: keys.quit: ", "a key such as"),
      (
        "[alerts]\nbell = true\nrules = [\"p99 > 5\"]", "c.toml:3: alerts.rules: \"p99 > 5\"",
        "(at character 7)"
      ),
      ("[alerts]\nbell = \"loud\"", "c.toml:2: alerts.bell: ", "true or false"),
      ("theme = ", "c.toml:1: ", ""), ("[\n", "c.toml:1: ", "a name is expected"),
      ("\r\n\r\nascii = 1", "c.toml:3: ascii: ", "true"),
      ("[#", "c.toml:1: ", "a name is expected"), ("[[ .a]]", "c.toml:1: ", ""),
    ])
  func faults(_ text: String, start: String, part: String) {
    #expect {
      try Configuration(toml: text, file: "c.toml")
    } throws: { error in
      let message = "\(error)"
      return error is DashboardConfigurationError && message.hasPrefix(start)
        && (part.isEmpty || message.contains(part))
    }
  }

  @Test("whatever bytes a file holds, it is read or refused")
  func fuzz() {
    let pieces = [
      "theme", "alerts", "layout", "[", "]", "=", "\"", "'", "\n", " ", "true", "7", ".", "{", "}", ",", "#",
      "rules",
      "p99 > 1s", "keys", "quit", "\"\"\"", "\u{0}", "é", "columns", "requests", "\\", "1e999", "[[",
    ]
    var seed: UInt64 = 7
    for _ in 0..<6_000 {
      var text = ""
      for _ in 0..<12 {
        seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        text += pieces[Int(seed >> 33) % pieces.count]
      }
      do throws(DashboardConfigurationError) {
        _ = try Configuration(toml: text, file: "f.toml")
      } catch {
        #expect(error.description.hasPrefix("f.toml"))
      }
    }
  }

  // Events have no head to read the names from.
  @Test(
    "the names of columns are those the panes have",
    arguments: PaneKind.allCases.filter { $0 != .events })
  func columns(_ pane: PaneKind) {
    var state = ScreenState()
    state.size = ScreenSize(width: 300, height: 60)
    state.focus = pane
    state.isZoomed = true
    // Pools of one gateway need no column for it.
    for name in pane.columnNames where (pane, name) != (.circuits, "node") {
      state.columns[pane] = [name]
      let text = TextWriter.write(ScreenRenderer().render(Sample.content, state: state))
      let head = text.split(separator: "\n")[2]
      let words = head.split(whereSeparator: { $0 == " " || $0 == "│" })
      // What the rows are sorted by is there too.
      let sorted = pane == .requests && name != "rps" ? ["rps"] : []
      #expect(words.map { $0.lowercased() } == [name] + sorted, "\(pane.key) \(name): \(head)")
    }
  }

  @Test("every column of the events can be left out")
  func events() {
    var state = ScreenState()
    state.size = ScreenSize(width: 300, height: 60)
    state.focus = .events
    state.isZoomed = true
    func lines() -> String { TextWriter.write(ScreenRenderer().render(Sample.content, state: state)) }
    let whole = lines()
    for name in PaneKind.events.columnNames {
      state.columns[.events] = PaneKind.events.columnNames.filter { $0 != name }
      #expect(lines() != whole, "without \(name)")
    }
  }

  @Test("the chosen columns are shown in the order chosen, and sorting by a click follows them")
  func chosen() {
    let desk = Desk()
    desk.seat.withLock { $0.state.columns[.requests] = ["p99", "type", "rps"] }
    let head = desk.text.split(separator: "\n")[2]
    let places = ["P99", "TYPE", "RPS"].map { head.firstRange(of: $0)?.lowerBound }
    #expect(places.compactMap(\.self) == places.compactMap(\.self).sorted() && !places.contains(nil))
    #expect(!head.contains("SERVICE"))
    let column = head.distance(from: head.startIndex, to: places[0]!)
    desk.click(.left, column, 2)
    #expect(desk.state.settings.requestSort == .p99)
  }
}
