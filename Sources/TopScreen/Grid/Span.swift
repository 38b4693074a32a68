/// A piece of text of one style.
package struct Span: Equatable, Sendable {
  package var text: String
  package var style: Style
  /// The columns of a name's field, of which the last stays blank: it is cut beside the other names of its list, once all are there. nil
  /// for all other texts.
  var field: Int?

  package init(_ text: String, _ style: Style = Style()) {
    self.text = text
    self.style = style
  }

  /// A name of a list on a page, which `DetailPage` cuts.
  ///
  /// - Parameter width: of its field; what stands behind it begins there.
  init(name: String, to width: Int, _ style: Style) {
    self.init(name, style)
    field = width
  }
}

extension [Span] {
  /// In columns of the terminal.
  package var displayWidth: Int { reduce(0) { $0 + ($1.field ?? DisplayWidth.of($1.text)) } }

  package var text: String { map(\.text).joined() }
}
