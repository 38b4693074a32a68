import GenAPIValue

/// A pattern in which `*` stands for any run of characters; upper and lower case are the same.
struct Glob: Equatable, Sendable {
  let text: String
  private let parts: [String]

  init(_ text: String) {
    self.text = text
    parts = text.lowercased().split(separator: "*", omittingEmptySubsequences: false).map(String.init)
  }

  func matches(_ candidate: ByteText) -> Bool {
    let candidate = candidate.string.lowercased()
    guard parts.count > 1 else { return candidate == parts[0] }
    guard candidate.hasPrefix(parts[0]) else { return false }
    var rest = candidate.dropFirst(parts[0].count)
    // Each part is looked for once, from left to right: linear in the text for each part.
    for part in parts[1..<(parts.count - 1)] where !part.isEmpty {
      guard let range = rest.firstRange(of: part) else { return false }
      rest = rest[range.upperBound...]
    }
    let last = parts[parts.count - 1]
    return rest.count >= last.count && rest.hasSuffix(last)
  }

  /// The same anywhere within the text.
  func isWithin(_ candidate: ByteText) -> Bool {
    parts.count > 1 ? Glob("*\(text)*").matches(candidate) : candidate.string.lowercased().contains(parts[0])
  }
}
