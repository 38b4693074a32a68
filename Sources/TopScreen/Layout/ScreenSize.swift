/// In columns and rows of the terminal; at most `mostColumns` and `mostRows`, whatever a terminal says of itself: what is beyond
/// stays blank.
package struct ScreenSize: Hashable, Sendable {
  /// More than any screen shows. Cells take memory and time, here and in ncurses: a terminal may claim 65535 in each direction.
  package static let mostColumns = 500
  package static let mostRows = 300

  package let width: Int
  package let height: Int

  package init(width: Int, height: Int) {
    self.width = min(max(0, width), Self.mostColumns)
    self.height = min(max(0, height), Self.mostRows)
  }
}
