import GenAPIValue
import Testing
import TopModel

@testable import TopScreen

@Suite("Searching lists and pages")
struct SearchTests {
  private var find: Key { .control("f") }

  private func selected(_ desk: Desk) -> ByteText? { desk.state.selectedID(Sample.content) }

  @Test("what is typed selects the first row that has it, whatever its case")
  func typed() {
    let desk = Desk()
    desk.press(find)
    desk.type("CHARGE")
    #expect(selected(desk) == Sample.requests[2].id)
    #expect(desk.text.contains("find CHARGE") && desk.text.contains("1 of 1"))
    desk.press(Key(.enter))
    #expect(desk.state.search != nil)
    desk.press(Key(.escape))
    #expect(desk.state.search == nil && selected(desk) == Sample.requests[2].id)
  }

  @Test("n and N go on around the ends, and Esc makes n pick nodes again")
  func further() {
    let desk = Desk()
    let places = Sample.requests.indices.filter { Sample.requests[$0].service == "user_service" }
    desk.press(find)
    desk.type("user_")
    desk.press(Key(.enter))
    #expect(selected(desk) == Sample.requests[places[0]].id)
    desk.type("n")
    #expect(selected(desk) == Sample.requests[places[1]].id)
    desk.type("n")
    #expect(selected(desk) == Sample.requests[places[0]].id)
    desk.type("N")
    #expect(selected(desk) == Sample.requests[places[1]].id)
    #expect(desk.text.contains("2 of 2"))
    desk.press(Key(.escape))
    desk.type("n")
    #expect(desk.text.contains("Nodes") && desk.state.dialogs.count == 1)
  }

  @Test("Esc while typing goes back to where one was, and a text that is nowhere says so")
  func left() {
    let desk = Desk()
    desk.type("j")
    desk.press(find)
    desk.type("export")
    #expect(selected(desk) == Sample.requests[6].id)
    desk.type("zz")
    #expect(desk.text.contains("no match"))
    desk.press(Key(.escape))
    #expect(selected(desk) == Sample.requests[1].id && desk.state.search == nil)
  }

  @Test("every pane with rows is searched", arguments: PaneKind.allCases.filter { $0.type.picker == nil })
  func everyPane(_ kind: PaneKind) {
    let desk = Desk()
    let pane = kind.type.init(Sample.content, desk.state)
    let texts = pane.searchTexts(desk.state)
    #expect(texts.count == pane.rowIDs.count)
    desk.type("\(kind.digit!)")
    // The last row that can be told from all before it.
    let text = texts[texts.count - 1]
    desk.press(find)
    desk.paste(text)
    desk.press(Key(.enter))
    #expect(
      selected(desk).flatMap { pane.rowIDs.firstIndex(of: $0) } == texts.firstIndex { $0.contains(text) }
        || kind.type.isTail)
    #expect(desk.state.search?.count ?? 0 >= 1)
  }

  @Test("events are searched from the newest back, and are held then")
  func events() {
    let desk = Desk()
    desk.type("7")
    desk.press(find)
    desk.type("executor")
    let texts = EventsPane(Sample.content, desk.state).searchTexts(desk.state)
    let places = texts.indices.filter { texts[$0].contains("executor") }
    #expect(!desk.state.isFollowing && selected(desk) == Sample.events[places.last!].id)
    desk.press(Key(.enter))
    desk.type("n")
    #expect(selected(desk) == Sample.events[places[places.count - 2]].id)
    desk.press(Key(.escape), find)
    desk.type("qqq")
    desk.press(Key(.escape))
    #expect(!desk.state.isFollowing)
  }

  @Test("a page is searched line by line, and what is found is marked")
  func page() {
    let desk = Desk()
    desk.type("5")
    desk.press(Key(.enter), find)
    desk.type("version on")
    #expect(desk.text.contains("1 of 2"))
    let line = desk.line(of: "version on")
    let marked = (0..<desk.screen.width).filter { desk.screen[$0, line].style.isReversed }
    #expect(marked.count == "version on".count)
    desk.press(Key(.enter))
    desk.type("n")
    #expect(desk.text.contains("2 of 2"))
    desk.press(Key(.escape), Key(.escape))
    #expect(desk.state.dialogs.isEmpty && desk.state.search == nil)
  }

  @Test("a search ends with what it was in: another pane or page has another")
  func elsewhere() {
    let desk = Desk()
    desk.press(find)
    desk.type("user")
    desk.press(Key(.enter))
    desk.type("8n")
    #expect(desk.state.search == nil && desk.state.dialogs.count == 1)
  }

  @Test("a pane without rows and a key without a search say so")
  func none() {
    let desk = Desk()
    desk.type("2")
    desk.press(find)
    #expect(desk.state.search == nil && desk.state.message?.text.contains("no rows") == true)
    desk.type("N")
    #expect(desk.state.message?.text.contains("^F begins") == true)
  }

  @Test("a text is marked wherever it stands, also beside wide characters, and breaks no line")
  func marks() {
    var grid = Grid(width: 20, height: 2)
    grid.draw("名ab名AB", at: 0, 0, width: 20, Style())
    var style = Style()
    style.isUnderlined = true
    grid.mark("ab", in: Rect(x: 0, y: 0, width: 20, height: 2), style)
    #expect((0..<20).filter { grid[$0, 0].style.isUnderlined } == [2, 3, 6, 7])
    grid.mark("名a", in: Rect(x: 0, y: 0, width: 1, height: 9), style)
    expectExactWidths(grid)
  }
}
