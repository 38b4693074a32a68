extension [Span] {
  /// At most `width` columns: the longest text gives way, out of its middle.
  func cutInside(to width: Int, ellipsis: String) -> [Span] {
    let excess = displayWidth - width
    let widths = map { DisplayWidth.of($0.text) }
    guard excess > 0, let longest = indices.max(by: { widths[$0] < widths[$1] }) else { return self }
    var spans = self
    let room = Swift.max(1, widths[longest] - excess)
    spans[longest].text = self[longest].text.truncatedInside(to: room, ellipsis: ellipsis)
    return spans
  }
}
