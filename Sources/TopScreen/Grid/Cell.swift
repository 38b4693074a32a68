/// One place on the screen.
public struct Cell: Equatable, Sendable {
  /// One grapheme cluster; empty for the right half of a wide one.
  public var text: String
  public var style: Style

  public init(_ text: String = " ", _ style: Style = Style()) {
    self.text = text
    self.style = style
  }
}
