import Testing

@testable import TopScreen

@Suite("Reports of the mouse")
struct MouseReportTests {
  @Test("presses and turns of the wheel are read, wherever they are and whatever is held")
  func presses() {
    #expect(MouseEvent(report: "[<0;1;1M") == MouseEvent(.left, column: 0, row: 0))
    #expect(MouseEvent(report: "[<2;200;60M") == MouseEvent(.right, column: 199, row: 59))
    #expect(MouseEvent(report: "[<64;12;5M") == MouseEvent(.wheelUp, column: 11, row: 4))
    #expect(MouseEvent(report: "[<69;12;5M") == MouseEvent(.wheelDown, column: 11, row: 4))
    #expect(MouseEvent(report: "[<17;3;4M") == MouseEvent(.middle, column: 2, row: 3))
  }

  @Test(
    "releases, drags and anything else are no press",
    arguments: [
      "[<0;1;1m", "[<32;1;1M", "[<35;1;1M", "[<0;0;1M", "[<0;1M", "[<0;1;1;1M", "[<;;M", "[<a;1;1M",
      "[0;1;1M",
      "[<99999999999999999999;1;1M", "[<0;1;99999M", "[<", "[<M", "", "M",
    ])
  func others(report: String) { #expect(MouseEvent(report: report) == nil) }
}
