extension Grid {
  /// A row as spans of equal style.
  package func spans(row: Int) -> [Span] {
    var spans: [Span] = []
    for column in 0..<width {
      let cell = self[column, row]
      if spans.last?.style == cell.style {
        spans[spans.count - 1].text += cell.text
      } else {
        spans.append(Span(cell.text, cell.style))
      }
    }
    return spans
  }
}
