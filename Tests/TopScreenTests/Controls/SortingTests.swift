import GenAPIValue
import Testing
import TopModel

@testable import TopScreen

@Suite("Sorting by columns")
struct SortingTests {
  static let panes = PaneKind.allCases.filter { !$0.type.sortColumns.isEmpty }

  private func names(_ desk: Desk) -> [String] {
    desk.state.focus.type.init(Sample.content, desk.state).rowIDs.map { $0.shown }
  }

  @Test("s sorts the focused pane by one column after the other, and then as usual again")
  func next() {
    let desk = Desk()
    desk.type("8")
    let usual = names(desk)
    for column in NodesPane.sortColumns {
      desk.type("s")
      #expect(desk.state.sort(of: .nodes) == column.usual)
      #expect(desk.state.settings.requestSort == .worst)
    }
    desk.type("s")
    #expect(desk.state.sort(of: .nodes) == nil && names(desk) == usual)
  }

  @Test("where a pane has no columns s sorts the requests, as it did")
  func requests() {
    let desk = Desk()
    desk.type("2s")
    #expect(desk.state.settings.requestSort == .rate)
    desk.type("S")
    #expect(desk.state.sort(of: .requests) == ColumnSort("rps", isRising: true))
  }

  @Test("S turns the order round, and says so where there is none to turn")
  func reversed() {
    let desk = Desk()
    desk.type("8S")
    #expect(desk.state.message?.text.contains("usual order") == true)
    desk.type("s")
    let rising = names(desk)
    desk.type("S")
    #expect(names(desk) == rising.reversed())
  }

  @Test("every column of every pane sorts, and has an arrow in the head while it does", arguments: panes)
  func everyColumn(_ pane: PaneKind) {
    for mode in pane == .circuits ? CircuitMode.allCases : [.pools] {
      var state = ScreenState()
      state.size = ScreenSize(width: 200, height: 60)
      (state.focus, state.settings.circuitView) = (pane, mode)
      for column in pane.type.init(Sample.content, state).sortable where column.name != "trend" {
        for isRising in [true, false] {
          state.sort(pane, by: ColumnSort(column.name, isRising: isRising))
          #expect(state.sort(of: pane) == ColumnSort(column.name, isRising: isRising))
          if pane == .circuits, mode == .workers { continue }
          let text = TextWriter.write(ScreenRenderer().render(Sample.content, state: state))
          let (arrow, title) = (isRising ? "▲" : "▼", column.name.uppercased())
          // A pane without a head says it in its title; a column that is not there now has none.
          let head = pane == .limits ? "\(column.name) \(arrow)" : title + arrow
          let isThere = text.contains(head) || text.contains(arrow + title)
          #expect(
            isThere || (column.name == "node" && pane != .nodes), "\(pane) \(mode) \(column.name)\n\(text)")
        }
      }
    }
  }

  @Test("rows whose value is not known stand last, whichever way the others stand")
  func unknown() {
    let keys: [SortKey<Int?>] = [.number("n") { SortValue($0.map(Double.init)) }]
    let rows: [Int?] = [3, nil, 1, 2]
    #expect(rows.sorted(by: ColumnSort("n", isRising: true), keys) == [1, 2, 3, nil])
    #expect(rows.sorted(by: ColumnSort("n", isRising: false), keys) == [3, 2, 1, nil])
    #expect(rows.sorted(by: ColumnSort("other", isRising: false), keys) == rows)
  }

  @Test("names are sorted with their numbers as numbers, and rows that are alike stay as they stood")
  func natural() {
    let keys: [SortKey<ByteText>] = [.name("name") { $0 }, .number("size") { _ in .number(1) }]
    let rows: [ByteText] = ["gw10", "gw2", "gw1"]
    #expect(rows.sorted(by: ColumnSort("name", isRising: true), keys) == ["gw1", "gw2", "gw10"])
    #expect(rows.sorted(by: ColumnSort("name", isRising: false), keys) == ["gw10", "gw2", "gw1"])
    #expect(rows.sorted(by: ColumnSort("size", isRising: false), keys) == rows)
  }

  @Test("what an alert measures is sorted by how much it is, not by its letters")
  func measured() {
    let texts: [ByteText] = ["900ms", "2.4s", "1m55s", "silent", "40µs"]
    let keys: [SortKey<ByteText>] = [.number("now") { SortValue(measured: $0) }]
    #expect(
      texts.sorted(by: ColumnSort("now", isRising: true), keys) == [
        "40µs", "900ms", "2.4s", "1m55s", "silent",
      ])
  }

  @Test("a column is picked from a list; the one that is sorted by already turns round")
  func picker() {
    let desk = Desk()
    desk.type("8<cpu")
    desk.press(Key(.enter))
    #expect(desk.state.sort(of: .nodes) == ColumnSort("cpu%", isRising: false))
    desk.type(">cpu")
    desk.press(Key(.enter))
    #expect(desk.state.sort(of: .nodes) == ColumnSort("cpu%", isRising: true))
    desk.type("<usual")
    desk.press(Key(.enter))
    #expect(desk.state.sort(of: .nodes) == nil)
  }

  @Test("a click on a head sorts every pane that has one")
  func click() {
    let desk = Desk(width: 200, height: 60)
    for (pane, title, column) in [
      (PaneKind.nodes, "CPU%", "cpu%"), (.relay, "MSG/S", "msg/s"), (.configs, "AGE", "age"),
      (.circuits, "QUEUE", "queue"), (.alerts, "SINCE", "since"), (.requests, "REJ%", "rej%"),
    ] {
      let rect = desk.state.layout.rect(of: pane)!
      let line = desk.text.split(separator: "\n", omittingEmptySubsequences: false)[rect.y + 1]
      let place = rect.x + line.dropFirst(rect.x).distance(of: title)
      desk.click(.left, place, rect.y + 1)
      #expect(desk.state.sort(of: pane)?.column == column, "\(pane)")
    }
  }

  @Test("columns are chosen from a list, at least one, and back to all of them")
  func columns() {
    let desk = Desk(width: 200, height: 60)
    desk.type("8F")
    #expect(desk.text.contains("Columns of Nodes"))
    desk.type("lag ")
    desk.press(Key(.enter))
    #expect(desk.state.columns[.nodes] == NodesPane.columnNames.filter { $0 != "lag" })
    #expect(!desk.text.contains(" LAG"))
    desk.type("Flag ")
    desk.press(Key(.enter))
    #expect(desk.text.contains(" LAG"))
    desk.type("2F")
    #expect(desk.state.dialogs.isEmpty && desk.state.message?.kind == .warning)
  }

  @Test("what rows are sorted by is read from a file, and what it may be is told")
  func parsing() {
    let columns = NodesPane.sortColumns
    #expect(ColumnSort(parsing: "cpu%", among: columns) == ColumnSort("cpu%", isRising: false))
    #expect(ColumnSort(parsing: "node falling", among: columns) == ColumnSort("node", isRising: false))
    for text in ["", "size", "cpu% up", "cpu% rising now"] {
      #expect(ColumnSort(parsing: text, among: columns) == nil)
    }
    #expect {
      try Configuration(toml: "[sort]\nnodes = \"size\"", file: "c.toml")
    } throws: {
      "\($0)".hasPrefix("c.toml:2: sort.nodes: \"size\"") && "\($0)".contains("cpu%")
    }
    #expect {
      try Configuration(toml: "[sort]\nlatency = \"size\"", file: "c.toml")
    } throws: {
      "\($0)".contains("sort.latency: is not known")
    }
  }
}

extension StringProtocol {
  /// The columns before a text.
  fileprivate func distance(of text: String) -> Int {
    distance(from: startIndex, to: firstRange(of: text)?.lowerBound ?? startIndex)
  }
}
