/// One place on the screen.
package struct Cell: Equatable, Sendable {
  /// One grapheme cluster; empty for the right half of a wide one.
  package var text: String
  package var style: Style

  package init(_ text: String = " ", _ style: Style = Style()) {
    self.text = text
    self.style = style
  }
}
