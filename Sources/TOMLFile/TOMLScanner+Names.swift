extension TOMLScanner {
  /// What a quoted key is called, as the parser reads it.
  ///
  /// - Parameter quoted: with its quotes.
  static func name(_ quoted: ArraySlice<UInt8>) -> String {
    let inner = quoted.dropFirst().dropLast()
    guard quoted.first == UInt8(ascii: "\""), inner.contains(UInt8(ascii: "\\")) else {
      return String(decoding: inner, as: UTF8.self)
    }
    var name: [UInt8] = []
    var rest = inner
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\"), let escape = rest.popFirst() else {
        name.append(byte)
        continue
      }
      switch escape {
      case UInt8(ascii: "b"): name.append(0x08)
      case UInt8(ascii: "t"): name.append(0x09)
      case UInt8(ascii: "n"): name.append(0x0A)
      case UInt8(ascii: "f"): name.append(0x0C)
      case UInt8(ascii: "r"): name.append(0x0D)
      case UInt8(ascii: "e"): name.append(0x1B)
      case UInt8(ascii: "x"): name += scalar(&rest, digits: 2)
      case UInt8(ascii: "u"): name += scalar(&rest, digits: 4)
      case UInt8(ascii: "U"): name += scalar(&rest, digits: 8)
      default: name.append(escape)
      }
    }
    return String(decoding: name, as: UTF8.self)
  }

  /// The bytes of the character whose number stands next; none for what is no character, which the parser refuses.
  private static func scalar(_ rest: inout ArraySlice<UInt8>, digits: Int) -> [UInt8] {
    let text = String(decoding: rest.prefix(digits), as: UTF8.self)
    rest = rest.dropFirst(digits)
    return UInt32(text, radix: 16).flatMap(Unicode.Scalar.init).map { Array(String($0).utf8) } ?? []
  }
}
