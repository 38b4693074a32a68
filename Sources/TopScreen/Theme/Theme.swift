/// The colours of the screen by what they mean.
package struct Theme: Equatable, Sendable {
  package var name: String
  /// By key; a key without a colour is the terminal's own.
  package var colors: [ThemeKey: Color]

  package init(name: String, colors: [ThemeKey: Color]) {
    self.name = name
    self.colors = colors
  }

  package subscript(key: ThemeKey) -> Color? { colors[key] }

  /// Text in this colour; a key that has none is told apart by an attribute where it matters.
  package func style(_ key: ThemeKey, bold: Bool = false) -> Style {
    let isBackground = key == .selection || key == .header || key == .background
    var style = isBackground ? Style(nil, on: colors[key]) : Style(colors[key], bold: bold)
    if colors[key] == nil {
      switch key.attribute {
      case .bold: style.isBold = true
      case .dim: style.isDim = true
      case .reversed: style.isReversed = true
      case nil: break
      }
    }
    return style
  }

  /// The ground everything is drawn on.
  package var base: Style { Style(colors[.text], on: colors[.background]) }

  /// A colour between low, middle and high for a fraction of 0 … 1.
  package func gradient(_ low: ThemeKey, _ middle: ThemeKey, _ high: ThemeKey, _ fraction: Double) -> Style {
    guard let lowColor = colors[low], let middleColor = colors[middle], let highColor = colors[high] else {
      return Style(colors[fraction < 0.5 ? low : high])
    }
    // 16 steps are as fine as the eye needs here, and keep the number of styles small.
    let step = (min(max(fraction.isFinite ? fraction : 0, 0), 1) * 16).rounded() / 16
    return step < 0.5
      ? Style(lowColor.mixed(with: middleColor, step * 2))
      : Style(middleColor.mixed(with: highColor, step * 2 - 1))
  }
}

extension Color {
  func mixed(with other: Color, _ fraction: Double) -> Color {
    func channel(_ one: UInt8, _ two: UInt8) -> UInt8 {
      UInt8(min(max(Double(one) + (Double(two) - Double(one)) * fraction, 0), 255))
    }
    return Color(channel(red, other.red), channel(green, other.green), channel(blue, other.blue))
  }
}
