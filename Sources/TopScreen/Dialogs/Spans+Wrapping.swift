extension [Span] {
  /// Lines of at most `width` columns, broken at blanks; those that follow stand 4 columns in. At most `most`: what is more is left
  /// out with an ellipsis, between words, so that no number loses its end.
  func wrapped(to width: Int, most: Int, ellipsis: String) -> [[Span]] {
    guard displayWidth > width, width > 8 else { return [self] }
    let indent = 4
    var lines: [[Span]] = []
    var rest = cells
    while !rest.isEmpty {
      let room = lines.isEmpty ? width : width - indent
      let end = lines.count + 1 == most && rest.width > room
      let line = rest.first(room - (end ? DisplayWidth.of(ellipsis) + 1 : 0))
      var spans = Self(Array<Cluster>(rest[..<line]).trimmingEnd)
      if !lines.isEmpty { spans.insert(Span(String(repeating: " ", count: indent)), at: 0) }
      if end { spans.append(Span(" " + ellipsis, spans.last?.style ?? Style())) }
      lines.append(spans)
      if end { break }
      rest = rest[line...].drop { $0.isBlank }
    }
    return lines
  }

  /// A character and its style.
  fileprivate struct Cluster {
    var text: Character
    var style: Style
    var width: Int
    var isBlank: Bool { text == " " }
    var isDigit: Bool { text.isASCII && text.isNumber }
  }

  private var cells: ArraySlice<Cluster> {
    flatMap { span in
      span.text.map { Cluster(text: $0, style: span.style, width: DisplayWidth.of(String($0))) }
    }[...]
  }

  fileprivate init(_ clusters: [Cluster]) {
    self = []
    for cluster in clusters {
      if last?.style == cluster.style {
        self[count - 1].text.append(cluster.text)
      } else {
        append(Span(String(cluster.text), cluster.style))
      }
    }
  }
}

extension ArraySlice<[Span].Cluster> {
  fileprivate var width: Int { reduce(0) { $0 + $1.width } }

  /// Where a line of so many columns ends: at its last blank, but for one that parts the digits of a number; where there is none in
  /// the middle of a word.
  fileprivate func first(_ room: Int) -> Int {
    var used = 0
    var fits = startIndex
    while fits < endIndex, used + self[fits].width <= room {
      used += self[fits].width
      fits += 1
    }
    guard fits < endIndex else { return endIndex }
    var end = fits
    while end > startIndex {
      let isOfNumber =
        end + 1 < endIndex && end > startIndex && self[end].isBlank && self[end - 1].isDigit
        && self[end + 1].isDigit
      if self[end].isBlank, !isOfNumber, self[..<end].contains(where: { !$0.isBlank }) { return end }
      end -= 1
    }
    return Swift.max(fits, startIndex + 1)
  }
}

extension [[Span].Cluster] {
  fileprivate var trimmingEnd: Self {
    Array(self[..<(lastIndex { !$0.isBlank }.map { $0 + 1 } ?? 0)])
  }
}
