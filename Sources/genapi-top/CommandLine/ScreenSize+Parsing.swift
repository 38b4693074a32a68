import ArgumentParser
import CNCurses
import Foundation
import OutsideText
import TopScreen

extension ScreenSize {
  /// Of what is printed, when the terminal does not say.
  static let standard = ScreenSize(width: 120, height: 36)
  /// What the terminal on standard output says; nil when it is none.
  static var ofTerminal: ScreenSize? {
    var width: Int32 = 0
    var height: Int32 = 0
    guard nc_window_size(STDOUT_FILENO, &width, &height) != 0 else { return nil }
    return ScreenSize(width: Int(width), height: Int(height))
  }

  static let widths = 20...mostColumns
  static let heights = 5...mostRows

  /// Columns and rows, as `120x36`.
  init(parsing text: String) throws {
    let parts = text.lowercased().split(
      omittingEmptySubsequences: false, whereSeparator: { $0 == "x" || $0 == "×" })
    guard parts.count == 2, let width = PlainNumber.count(parts[0]),
      let height = PlainNumber.count(parts[1])
    else {
      throw ValidationError("write columns x rows, for instance 120x36")
    }
    guard Self.widths.contains(width), Self.heights.contains(height) else {
      throw ValidationError(
        "from \(Self.widths.lowerBound)x\(Self.heights.lowerBound) to "
          + "\(Self.widths.upperBound)x\(Self.heights.upperBound) is allowed")
    }
    self.init(width: width, height: height)
  }
}
