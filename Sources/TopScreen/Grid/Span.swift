/// A piece of text of one style.
package struct Span: Equatable, Sendable {
  package var text: String
  package var style: Style

  package init(_ text: String, _ style: Style = Style()) {
    self.text = text
    self.style = style
  }
}

extension [Span] {
  /// In columns of the terminal.
  package var displayWidth: Int { reduce(0) { $0 + DisplayWidth.of($1.text) } }

  package var text: String { map(\.text).joined() }
}
