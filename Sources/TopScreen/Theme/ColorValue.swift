/// A colour as theme files write it.
enum ColorValue {
  static let forms =
    "\"#rrggbb\", a number of the 256-colour palette (0 to 255), the name of an ANSI colour such as \"red\" or "
    + "\"bright_blue\", or \"\" for the terminal's own"

  enum Parsed: Equatable {
    case color(Color)
    case terminalsOwn
  }

  /// nil when it is none of the forms.
  static func parse(_ text: String) -> Parsed? {
    if text.isEmpty { return .terminalsOwn }
    if text.hasPrefix("#") {
      let digits = text.dropFirst()
      guard digits.utf8.count == 6, digits.allSatisfy(\.isHexDigit), let value = UInt32(digits, radix: 16)
      else { return nil }
      return .color(Color(UInt8(value >> 16), UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)))
    }
    if let index = Palette.names.firstIndex(of: text) { return .color(Palette.ansi[index]) }
    return Int(text).flatMap(parse(index:))
  }

  static func parse(index: Int) -> Parsed? {
    (0...255).contains(index) ? .color(Palette.color(index)) : nil
  }
}
