import Testing
import TopModel

@testable import TopScreen

@Suite("Filter suggestions")
struct FilterSuggestionTests {
  @Test("an empty filter line offers every term with its meaning")
  func terms() {
    let desk = Desk()
    desk.type("/")
    for term in FilterCompletion.terms {
      #expect(desk.text.contains(term))
      #expect(FilterCompletion.meaning(of: term).map { desk.text.contains($0) } == true)
    }
  }

  @Test("behind a term its values are offered, as far as they fit what is typed")
  func values() {
    let desk = Desk()
    desk.seat.withLock { $0.content.names.services = ["user_service", "order_service"] }
    desk.type("/service:u")
    let rows = desk.text.split(separator: "\n").suffix(5).joined(separator: "\n")
    #expect(rows.contains("│ user_service"))
    #expect(!rows.contains("│ order_service"))
  }

  @Test("where nothing fits, nothing lies over the panes")
  func nothing() {
    let desk = Desk()
    desk.type("/zzz")
    let edited = desk.text.split(separator: "\n", omittingEmptySubsequences: false).dropLast(2)
    desk.seat.withLock { $0.state.filterLine = nil }
    let plain = desk.text.split(separator: "\n", omittingEmptySubsequences: false).dropLast(2)
    #expect(edited == plain)
  }

  @Test("Tab marks the one it took")
  func marked() {
    let desk = Desk()
    desk.type("/")
    desk.press(Key(.tab), Key(.tab))
    let selection = Theme.standard[.selection]
    let screen = desk.screen
    let row = (21..<screen.height).first { row in
      (0..<60).contains { screen[$0, row].style.background == selection }
    }
    #expect(row.map { screen.spans(row: $0).text.contains("type:") } == true)
  }
}
