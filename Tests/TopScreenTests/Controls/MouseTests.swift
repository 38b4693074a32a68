import Foundation
import Testing
import TopModel

@testable import TopScreen

@Suite("Mouse")
struct MouseTests {
  @Test("a click focuses the pane and selects the row")
  func click() {
    let desk = Desk()
    desk.click(.left, 5, 5)
    #expect(desk.state.focus == .requests)
    #expect(desk.state[list: .requests].index == 2)
    desk.click(.left, 100, 20)
    #expect(desk.state.focus == .relay)
  }

  @Test("a click on a column's head sorts by it, another one reverses")
  func sort() {
    let desk = Desk()
    let column = desk.text.split(separator: "\n")[2].distance(of: "P99")
    desk.click(.left, column, 2)
    #expect(desk.state.settings.requestSort == .p99)
    desk.click(.left, column, 2)
    #expect(desk.state.settings.isSortReversed)
  }

  @Test("the wheel scrolls the pane under the pointer without focusing it")
  func wheel() {
    let desk = Desk()
    desk.click(.wheelUp, 20, 28)
    #expect(!desk.state.isFollowing)
    #expect(desk.state.focus == .requests)
  }

  @Test("a click on the selected row opens it")
  func opens() {
    let desk = Desk()
    desk.click(.left, 5, 5)
    #expect(desk.state.dialogs.isEmpty)
    desk.click(.left, 5, 5)
    #expect(desk.state.dialogs == [.detail(DetailDialog(.function(Sample.content.requests[2].id)))])
  }

  @Test("a click beside a dialog closes it, inside it does not")
  func beside() {
    let desk = Desk()
    desk.type("?")
    desk.click(.left, 60, 18)
    #expect(desk.state.dialogs.count == 1)
    desk.click(.left, 1, 1)
    #expect(desk.state.dialogs.isEmpty)
  }

  @Test("a click on a command of the palette runs it, on a service of the picker it toggles it")
  func choices() {
    let desk = Desk()
    desk.type(":zoo")
    let line = desk.line(of: "zoom ")
    desk.click(.left, 60, line)
    #expect(desk.state.isZoomed)
    desk.type("zf")
    desk.click(.left, 60, desk.line(of: "[ ] order_service"))
    desk.press(Key(.enter))
    #expect(desk.filter == "service:order_service")
  }

  @Test("a click on a hint of the bottom line does what its key does")
  func hints() {
    let desk = Desk()
    let column = desk.text.split(separator: "\n")[35].distance(of: "Pause")
    desk.click(.left, column, 35)
    #expect(desk.state.isPaused)
  }

  @Test("on a small screen a click on the switcher changes the pane")
  func switcher() {
    let desk = Desk(width: 60, height: 20)
    let column = desk.text.split(separator: "\n")[1].distance(of: "7")
    desk.click(.left, column, 1)
    #expect(desk.state.focus == .events)
  }
}

extension Desk {
  /// The first line of the screen with this text.
  func line(of text: String) -> Int {
    self.text.split(separator: "\n").firstIndex { $0.contains(text) } ?? 0
  }
}

extension Substring {
  fileprivate func distance(of text: String) -> Int {
    range(of: text).map { distance(from: startIndex, to: $0.lowerBound) } ?? 0
  }
}
