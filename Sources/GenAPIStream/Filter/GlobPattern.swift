/// A text with `*` for any run of characters, also none. Everything else stands for itself; case counts.
struct GlobPattern: Sendable, Equatable {
  let text: String
  private let kind: Kind

  private enum Kind: Sendable, Equatable {
    case anything
    case exact
    /// The literal parts between stars, as UTF-8: the first must begin the text, the last must end it.
    case parts([[UInt8]])
  }

  init(_ text: String) {
    self.text = text
    if !text.isEmpty, text.utf8.allSatisfy({ $0 == UInt8(ascii: "*") }) {
      kind = .anything
    } else if text.utf8.contains(UInt8(ascii: "*")) {
      kind = .parts(
        text.utf8.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false).map(Array.init))
    } else {
      kind = .exact
    }
  }

  func matches(_ candidate: some StringProtocol) -> Bool {
    switch kind {
    case .anything: return true
    case .exact: return candidate == text
    case .parts(let parts):
      let found: Bool?? = candidate.utf8.withContiguousStorageIfAvailable { Self.match($0[...], parts) }
      return (found ?? nil) ?? Self.match(Array(candidate.utf8)[...], parts)
    }
  }

  /// Leftmost search for each part in turn, which is right because a star takes anything: at most
  /// length × pattern length steps, never exponential.
  private static func match<Bytes: RandomAccessCollection>(_ bytes: Bytes, _ parts: [[UInt8]]) -> Bool
  where Bytes.Element == UInt8, Bytes.SubSequence == Bytes {
    var rest = bytes
    guard rest.starts(with: parts[0]) else { return false }
    rest = rest.dropFirst(parts[0].count)
    for part in parts[1..<(parts.count - 1)] where !part.isEmpty {
      while !rest.starts(with: part) {
        if rest.count <= part.count { return false }
        rest = rest.dropFirst()
      }
      rest = rest.dropFirst(part.count)
    }
    let last = parts[parts.count - 1]
    return rest.count >= last.count && rest.suffix(last.count).elementsEqual(last)
  }
}
