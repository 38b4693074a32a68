/// A grid as text with the escape sequences of a terminal (ECMA-48 SGR).
public struct ANSIWriter: Sendable {
  public var colors: ColorSupport

  public init(colors: ColorSupport = .full) { self.colors = colors }

  /// Every line ends with the attributes reset and a newline.
  public func write(_ grid: Grid) -> String {
    var result = ""
    for row in 0..<grid.height {
      for span in grid.spans(row: row) {
        result += "\u{1B}[0" + codes(of: span.style) + "m" + span.text
      }
      result += "\u{1B}[0m\n"
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
