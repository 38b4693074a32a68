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

  @Test("on a small screen a click on the switcher changes the pane")
  func switcher() {
    let desk = Desk(width: 60, height: 20)
    let column = desk.text.split(separator: "\n")[1].distance(of: "7")
    desk.click(.left, column, 1)
    #expect(desk.state.focus == .events)
  }
}

extension Substring {
  fileprivate func distance(of text: String) -> Int {
    range(of: text).map { distance(from: startIndex, to: $0.lowerBound) } ?? 0
  }
}
