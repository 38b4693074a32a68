import GenAPIValue

/// The values that are counted come from clients: they are kept short.
package enum KeyValue {
  /// As long as a name may be, so that users and devices are shown whole.
  static let maximumBytes = TextLimit.name
  private static let keptBytes = 32

  /// The value itself, or for one above 256 bytes its beginning and a 128-bit keyed hash of all of it.
  package static func bounded(_ value: ByteText) -> ByteText {
    guard value.utf8.count > maximumBytes else { return value }
    // Two hashes under the process's random key: a client cannot aim at another's value.
    var hashes = (Hasher(), Hasher())
    hashes.0.combine(value)
    hashes.1.combine(1)
    hashes.1.combine(value)
    let digest = [hashes.0.finalize(), hashes.1.finalize()].map { String(UInt(bitPattern: $0), radix: 16) }
    return "\(value.prefix(bytes: keptBytes))…\(digest.joined(separator: "-"))"
  }
}
