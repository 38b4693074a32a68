/// What keeps two ends from encrypting what they say, each with the words that `TransportEncryption.describe` has for it.
///
/// The words call the other end "the server"; `about` gives it another name.
package enum EncryptionProblem: String, CaseIterable, Sendable {
  case otherName = "the server's certificate is for another name"
  case untrusted = "the server's certificate has expired, or is signed by nobody who is trusted here"
  case unencrypted = "the server does not speak TLS there"
  case ended = "the server ended the connection"
  case refusesOurs = "the server does not trust the certificate that it was shown"
  case oursExpired = "the certificate that the server was shown has expired, or was revoked"
  case wantsOurs = "the server asks for a certificate of ours"
  case showsNone = "the server showed no certificate"
  case refuses =
    "the server refused to encrypt: it asks for a certificate of ours, or has no cipher in common with us"
  case otherVersion = "the server speaks another version of TLS"

  /// The first whose words a text holds.
  ///
  /// - Parameter name: what the text calls the other end.
  package init?(in text: String, about name: String) {
    guard let found = Self.allCases.first(where: { text.contains($0.words(about: name)) }) else { return nil }
    self = found
  }

  package func words(about name: String) -> String { Self.words(rawValue, about: name) }

  /// Words of `TransportEncryption.describe`, in which the other end has another name.
  package static func words(_ words: String, about name: String) -> String {
    var parts: [Substring] = []
    var rest = words[...]
    while let found = rest.firstRange(of: "the server") {
      parts.append(rest[..<found.lowerBound])
      rest = rest[found.upperBound...]
    }
    parts.append(rest)
    return parts.joined(separator: name)
  }
}
