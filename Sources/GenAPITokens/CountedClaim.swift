import GenAPIChannels
import GenAPIGateway
import GenAPIValue

/// What a claim is counted and chosen by: a text that no other value has.
enum CountedClaim {
  /// The key of a claim; nil for null. None escapes the limits that count by it, whatever kind of value it is.
  ///
  /// - Throws: `AuthenticationRefused`, which its client may read, for one that is longer than any may be.
  static func key(of value: Value?, named name: ByteText) throws(AuthenticationRefused) -> ByteText? {
    guard let value, !value.isNull else { return nil }
    let text = value.canonicalText
    try check(text.byteCount, name)
    // What is long is hashed once here, and not again for each request.
    return KeyValue.bounded(value.string == nil || !looksLikeAnother(text) ? text : ByteText(value.json))
  }

  static func check(_ bytes: Int, _ name: ByteText) throws(AuthenticationRefused) {
    guard bytes > ClientIdentity.mostClaimBytes else { return }
    throw AuthenticationRefused(
      "the claim \"\(name)\" has \(bytes) bytes, allowed are \(ClientIdentity.mostClaimBytes)",
      isForClient: true)
  }

  /// Whether a text reads as a value of another kind would be written, `true` or `[1]`, or as a text in quotes: then it is
  /// written in quotes itself. Of JSON's other kinds none begins with a quote, and Erlang's alone begin with `#`.
  private static func looksLikeAnother(_ text: ByteText) -> Bool {
    switch text.utf8.first {
    case UInt8(ascii: "\""), UInt8(ascii: "#"): true
    case nil: false
    default: (try? Value(json: Array(text.utf8))) != nil
    }
  }
}
