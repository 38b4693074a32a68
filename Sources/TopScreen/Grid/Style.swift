/// How a cell looks. A nil colour is the terminal's own.
///
/// Held in one number: thousands of cells are compared and copied for each frame.
package struct Style: Hashable, Sendable {
  /// The foreground in the lower half and the background in the upper, 25 bits each; above them what the text is.
  private var bits: UInt64 = 0

  package init(_ foreground: Color? = nil, on background: Color? = nil, bold: Bool = false) {
    self.foreground = foreground
    self.background = background
    self.isBold = bold
  }

  package var foreground: Color? {
    get { color(at: 0) }
    set { set(newValue, at: 0) }
  }
  package var background: Color? {
    get { color(at: 32) }
    set { set(newValue, at: 32) }
  }
  package var isBold: Bool {
    get { isSet(28) }
    set { set(28, newValue) }
  }
  package var isDim: Bool {
    get { isSet(29) }
    set { set(29, newValue) }
  }
  package var isUnderlined: Bool {
    get { isSet(30) }
    set { set(30, newValue) }
  }
  package var isReversed: Bool {
    get { isSet(31) }
    set { set(31, newValue) }
  }

  private static let isColor: UInt64 = 1 << 24

  private func color(at shift: UInt64) -> Color? {
    let part = bits >> shift
    guard part & Self.isColor != 0 else { return nil }
    return Color(
      UInt8(truncatingIfNeeded: part >> 16), UInt8(truncatingIfNeeded: part >> 8),
      UInt8(truncatingIfNeeded: part))
  }

  private mutating func set(_ color: Color?, at shift: UInt64) {
    bits &= ~((Self.isColor << 1 - 1) << shift)
    guard let color else { return }
    let number = UInt64(color.red) << 16 | UInt64(color.green) << 8 | UInt64(color.blue)
    bits |= (Self.isColor | number) << shift
  }

  private func isSet(_ bit: UInt64) -> Bool { bits & 1 << bit != 0 }

  private mutating func set(_ bit: UInt64, _ isSet: Bool) {
    if isSet { bits |= 1 << bit } else { bits &= ~(1 << bit) }
  }
}

/// A 24-bit colour; a terminal that shows fewer gets the nearest it has.
package struct Color: Hashable, Sendable {
  package var red: UInt8
  package var green: UInt8
  package var blue: UInt8

  package init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }
}
