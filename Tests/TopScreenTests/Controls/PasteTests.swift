import Testing
import TopModel

@testable import TopScreen

@Suite("Pasted text")
struct PasteTests {
  @Test("in the filter it is typed, with blanks for the ends of lines, and nothing of it runs")
  func filter() {
    let desk = Desk()
    desk.type("/")
    desk.paste("service:users\nstatus:error\r\n")
    #expect(desk.state.filterLine?.editor.text == "service:users status:error")
    #expect(desk.filter == "service:users status:error")
    #expect(desk.state.filterLine != nil)
  }

  @Test("it goes where the cursor is")
  func cursor() {
    let desk = Desk()
    desk.type("/ab")
    desk.press(Key(.left))
    desk.paste("XY")
    #expect(desk.state.filterLine?.editor.text == "aXYb")
    #expect(desk.state.filterLine?.editor.cursor == 3)
  }

  @Test("in the panes it does nothing, and says where text goes")
  func panes() {
    let desk = Desk()
    let before = desk.state
    desk.paste("q\nz:quit\n")
    #expect(desk.actions.isEmpty)
    #expect(desk.state.message?.text.contains("/ edits the filter") == true)
    var after = desk.state
    after.message = nil
    #expect(after == before)
  }

  @Test("in the palette it is looked for, and its newline runs nothing")
  func palette() {
    let desk = Desk()
    desk.type(":")
    desk.paste("quit\n")
    #expect(desk.actions.isEmpty)
    guard case .palette(let palette)? = desk.state.dialogs.last else {
      Issue.record("the palette is gone")
      return
    }
    #expect(palette.query.text == "quit")
    #expect(palette.matches.first == .command(.quit))
  }

  @Test("however long it is, the line keeps its bound")
  func bound() {
    let desk = Desk()
    desk.type("/")
    desk.paste(String(repeating: "a", count: 5_000))
    #expect(desk.state.filterLine?.editor.characters.count == LineEditor.most)
  }
}
