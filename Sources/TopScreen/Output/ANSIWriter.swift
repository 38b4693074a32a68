/// A grid as text with the escape sequences of a terminal (ECMA-48 SGR).
package struct ANSIWriter: Sendable {
  package var colors: ColorSupport

  package init(colors: ColorSupport = .full) { self.colors = colors }

  /// Every line ends with the attributes reset and a newline.
  package func write(_ grid: Grid) -> String {
    var result = ""
    for row in 0..<grid.height {
      for span in grid.spans(row: row) {
        result += "\u{1B}[0" + codes(of: span.style) + "m" + Self.plain(span.text)
      }
      result += "\u{1B}[0m\n"
    }
    return result
  }

  /// Terminals differ about sequences of several wide characters joined to one: only the first is written, so
  /// that what follows stands where it should.
  private static func plain(_ text: String) -> String {
    if text.unicodeScalars.count == text.count { return text }
    var result = ""
    for cluster in text {
      let scalars = cluster.unicodeScalars
      let apart = scalars.reduce(0) { $0 + DisplayWidth.of($1) }
      guard let first = scalars.first, apart != DisplayWidth.of(cluster) else {
        result.append(cluster)
        continue
      }
      result.unicodeScalars.append(first)
      if DisplayWidth.of(first) < DisplayWidth.of(cluster) { result += " " }
    }
    return result
  }

  private func codes(of style: Style) -> String {
    var codes = ""
    if style.isBold { codes += ";1" }
    if style.isDim { codes += ";2" }
    if style.isUnderlined { codes += ";4" }
    if style.isReversed { codes += ";7" }
    if let color = style.foreground { codes += code(of: color, base: 30) }
    if let color = style.background { codes += code(of: color, base: 40) }
    return codes
  }

  private func code(of color: Color, base: Int) -> String {
    switch colors {
    case .none: return ""
    case .ansi16:
      let number = Palette.nearestAnsi(color)
      return ";\(number < 8 ? base + number : base + 60 + number - 8)"
    case .palette256: return ";\(base + 8);5;\(Palette.nearest256(color))"
    case .full: return ";\(base + 8);2;\(color.red);\(color.green);\(color.blue)"
    }
  }
}
