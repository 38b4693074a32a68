/// Base64 with padding (RFC 4648, section 4).
package enum Base64 {
  private static let alphabet: StaticString =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

  package static func encode(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity(length(bytes.count))
    forEach(of: bytes) { text.append($0) }
    return String(decoding: text, as: UTF8.self)
  }

  /// The bytes that a text stands for; nil for one with other letters, or with less or more padding than belongs to it. What Foundation
  /// reads may be padding alone, or end behind it.
  package static func decode(_ text: String) -> [UInt8]? {
    var letters = Array(text.utf8)
    guard letters.count % 4 == 0 else { return nil }
    for _ in 0..<2 where letters.last == UInt8(ascii: "=") { letters.removeLast() }
    // One letter is less than a byte.
    guard letters.count % 4 != 1 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(letters.count / 4 * 3 + 2)
    var (bits, count) = (UInt32(0), 0)
    for letter in letters {
      guard let value = value(of: letter) else { return nil }
      bits = bits << 6 | value
      count += 6
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
      }
    }
    return bytes
  }

  private static func value(of letter: UInt8) -> UInt32? {
    switch letter {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(letter - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(letter - UInt8(ascii: "a")) + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(letter - UInt8(ascii: "0")) + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }

  /// Letters for so many bytes.
  static func length(_ bytes: Int) -> Int { (bytes + 2) / 3 * 4 }

  /// Calls `body` with each letter.
  @inline(__always)
  static func forEach(of bytes: [UInt8], _ body: (UInt8) -> Void) {
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let count = min(3, bytes.count - start)
      var group: UInt32 = 0
      for index in 0..<3 { group = group << 8 | (index < count ? UInt32(bytes[start + index]) : 0) }
      for index in 0..<4 {
        // The index is six bits wide, and the alphabet has 64 letters.
        let letter = alphabet.utf8Start[Int(group >> UInt32(18 - 6 * index) & 63)]
        body(index <= count ? letter : UInt8(ascii: "="))
      }
    }
  }
}
