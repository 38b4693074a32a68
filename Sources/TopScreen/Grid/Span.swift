/// A piece of text of one style.
public struct Span: Equatable, Sendable {
  public var text: String
  public var style: Style

  public init(_ text: String, _ style: Style = Style()) {
    self.text = text
    self.style = style
  }
}

extension [Span] {
  /// In columns of the terminal.
  public var displayWidth: Int { reduce(0) { $0 + DisplayWidth.of($1.text) } }

  public var text: String { map(\.text).joined() }
}
