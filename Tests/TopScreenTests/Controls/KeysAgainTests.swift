import GenAPIValue
import Testing
import TopModel

@testable import TopScreen

@Suite("Sharing a screen")
struct KeysAgainTests {
  @Test(
    "the keys of a command line show the same screen again",
    arguments: ["", "5", "2m", "4cc", "ss", "S", "wwz", "3jjo", "8jz", "1j"])
  func again(typed: String) {
    for isOpened in [false, true] {
      let desk = Desk()
      desk.type(typed)
      if isOpened { desk.press(Key(.enter)) }
      let content = desk.seat.withLock { $0.content }
      let keys = KeysAgain().keys(to: desk.state, content, isOfMoment: false)
      let again = Desk()
      for key in keys { again.press(key) }
      // What a key said at the bottom is not part of it.
      for one in [desk, again] { one.seat.withLock { $0.state.message = nil } }
      let isPicker = isOpened && typed.hasPrefix("2")
      #expect(isPicker || again.text == desk.text, "\(typed) \(keys.map(\.name))")
    }
  }

  @Test("of a recording the keys go to the moment first, in UTC")
  func moment() {
    let desk = Desk()
    desk.seat.withLock { $0.state.clockOffset = 7_200 }
    let content = desk.seat.withLock { $0.content }
    let keys = KeysAgain().keys(to: desk.state, content, isOfMoment: true)
    #expect(keys.map(\.name).prefix(11).joined() == "T12:04:31Zenter")
    let newest = content.header.at + 90_000_000
    #expect(TimeDialog.moment("12:04:31Z", newest: newest, offset: 7_200) == newest - 90_000_000)
  }

  @Test("P asks for pictures, from the panes and from details")
  func key() {
    let desk = Desk()
    desk.type("P")
    #expect(desk.actions == [.share])
    desk.press(Key(.enter))
    desk.type("P")
    #expect(desk.actions == [.share] && desk.state.dialogs.count == 1)
  }

  @Test("in a picture the dots of lines are drawn, whatever the font has")
  func dots() {
    var grid = Grid(width: 2, height: 1)
    grid.draw("\u{2801}\u{28FF}", at: 0, 0, width: 2, Style())
    let svg = SVGWriter().write(grid)
    #expect(svg.split(separator: "<circle").count == 1 + 1 + 8 && !svg.contains("\u{28FF}"))
  }
}
