import Testing
import TopModel

@testable import TopScreen

@Suite("The list of panes")
struct PaneListTests {
  @Test("every pane has a title, a name in files and a type of its own")
  func distinct() {
    let panes = PaneKind.allCases
    #expect(Set(panes.map(\.title)).count == panes.count)
    #expect(Set(panes.map(\.key)).count == panes.count)
    #expect(Set(panes.map { ObjectIdentifier($0.type) }).count == panes.count)
    for pane in panes { #expect(PaneKind.of(pane.type) == pane) }
  }

  @Test("the first ten panes have a digit, which finds them")
  func digits() {
    for (place, pane) in PaneKind.allCases.enumerated() {
      #expect(pane.digit == (place < 9 ? Character("\(place + 1)") : place == 9 ? "0" : nil))
      if let digit = pane.digit { #expect(PaneKind(digit: digit) == pane) }
    }
    #expect(PaneKind(digit: "x") == nil && PaneKind(digit: "٣") == nil)
  }

  @Test("a pane has content as long as it is given any", arguments: PaneKind.allCases)
  func content(_ kind: PaneKind) {
    func check<Shown: Pane>(_ pane: Shown.Type) {
      var content = ScreenContent()
      #expect(content[pane] == Shown.empty)
      content[pane] = Sample.content[pane]
      #expect(content[pane] == Sample.content[pane] && content != ScreenContent())
      content[pane] = Shown.empty
      #expect(content == ScreenContent())
    }
    check(kind.type)
  }

  @Test("every row that can be selected can be copied and opened", arguments: PaneKind.allCases)
  func rows(_ kind: PaneKind) {
    let pane = kind.type.init(Sample.content, ScreenState())
    #expect(pane.rowIDs.isEmpty == (kind.type.picker != nil))
    for id in pane.rowIDs {
      #expect(pane.copyText(of: id, ScreenState())?.isEmpty == false)
      #expect(pane.subject(of: id) != nil)
    }
  }
}

extension PaneKind {
  fileprivate static func of<Shown: Pane>(_ pane: Shown.Type) -> PaneKind { Shown.kind }
}
