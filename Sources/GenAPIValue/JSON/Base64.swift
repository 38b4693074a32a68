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
