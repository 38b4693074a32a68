import Foundation
import Testing
import TopModel

@testable import TopScreen

@Suite("Whole screens")
struct ScreenTests {
  @Test("a screen looks as it did", arguments: [(80, 24), (120, 36), (200, 60), (60, 20), (30, 5)])
  func screen(width: Int, height: Int) throws {
    var state = ScreenState()
    state.size = ScreenSize(width: width, height: height)
    let grid = ScreenRenderer().render(Sample.content, state: state)
    try expectSnapshot(grid, "screen-\(width)x\(height)")
    // To look at in a terminal: the same as an ANSI file.
    if let folder = ProcessInfo.processInfo.environment["SCREEN_ANSI_FOLDER"] {
      try ANSIWriter().write(grid)
        .write(toFile: "\(folder)/screen-\(width)x\(height).ansi", atomically: true, encoding: .utf8)
    }
  }
}
