import Foundation

/// Base64 with the alphabet of URLs: RFC 4648, section 5.
package enum Base64URL {
  /// Without padding and in this alphabet alone, as RFC 7515 (section 2) and RFC 7517 have it: each text has one spelling.
  ///
  /// - Returns: nil when the text is not of this form.
  package static func decodeExactly(_ text: some StringProtocol) -> [UInt8]? {
    text.utf8.contains { "+/=".utf8.contains($0) } ? nil : decode(text)
  }

  /// The same with padding or without, and in the alphabet of section 4 too, which phoenix.js writes.
  ///
  /// - Returns: nil when the text is not of this form.
  package static func decode(_ text: some StringProtocol) -> [UInt8]? {
    var letters = text.utf8.map { byte in
      switch byte {
      case UInt8(ascii: "-"): UInt8(ascii: "+")
      case UInt8(ascii: "_"): UInt8(ascii: "/")
      default: byte
      }
    }
    let padding = letters.reversed().prefix { $0 == UInt8(ascii: "=") }.count
    guard padding <= 2 else { return nil }
    letters.removeLast(padding)
    letters += Array(repeating: UInt8(ascii: "="), count: (4 - letters.count % 4) % 4)
    let encoded = Data(letters)
    // Bits at the end that say nothing are no encoding of anything, and Foundation reads over them.
    guard let bytes = Data(base64Encoded: encoded), bytes.base64EncodedData() == encoded else { return nil }
    return Array(bytes)
  }
}
