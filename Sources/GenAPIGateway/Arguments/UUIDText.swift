import GenAPIValue

/// The canonical form of a UUID (RFC 9562): 8-4-4-4-12 hexadecimal digits.
enum UUIDText {
  /// What follows "must be".
  static let form: ByteText = "a UUID of the form 8-4-4-4-12 hexadecimal digits"

  /// Whether both are the same UUID, which may be written in capitals and in small letters.
  static func areEqual(_ one: String, _ other: String) -> Bool {
    isCanonical(one) && isCanonical(other) && one.lowercased() == other.lowercased()
  }

  static func isCanonical(_ text: String) -> Bool {
    let bytes = text.utf8
    guard bytes.count == 36 else { return false }
    for (index, byte) in bytes.enumerated() {
      switch index {
      case 8, 13, 18, 23: if byte != UInt8(ascii: "-") { return false }
      default:
        let isHex = (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte | 0x20)
        if !isHex { return false }
      }
    }
    return true
  }
}
