/// A text with `*` for any run of bytes, also none. Everything else stands for itself, byte for byte; case counts.
///
/// Linear: a look at a candidate of n bytes takes at most 3 · n steps, whatever the pattern, and candidates are looked
/// at by their first `mostBytes`. So what a subscriber writes into a filter and what a client names itself cannot meet
/// in a way that costs more.
public struct GlobPattern: Sendable, Hashable {
  public let text: ByteText
  private let kind: Kind

  /// A longer candidate is matched as if it ended there: names are shorter by far, and texts in the stream are cut too.
  public static let mostBytes = 4_096

  private enum Kind: Sendable, Hashable {
    case anything
    case exact([UInt8])
    /// The literal parts around and between stars: the first must begin the text, the last must end it.
    case parts(first: [UInt8], middle: [Needle], last: [UInt8])
  }

  public init(_ text: ByteText) { self.init(between: text.split(separator: UInt8(ascii: "*")), text) }

  /// Makes a pattern of what stands between its stars: a star within a part stands for itself.
  package init(between parts: [ByteText]) { self.init(between: parts, parts.joined(separator: "*")) }

  private init(between parts: [ByteText], _ text: ByteText) {
    self.text = text
    let parts = parts.map { Array($0.utf8) }
    if parts.count < 2 {
      kind = .exact(parts.first ?? [])
    } else if parts.allSatisfy(\.isEmpty) {
      kind = .anything
    } else {
      kind = .parts(
        first: parts[0], middle: parts.dropFirst().dropLast().filter { !$0.isEmpty }.map(Needle.init),
        last: parts[parts.count - 1])
    }
  }

  /// Whether the text alone says what it is: none of its stars stands for itself.
  package var isText: Bool { GlobPattern(text) == self }

  public static func == (a: GlobPattern, b: GlobPattern) -> Bool { a.kind == b.kind }
  public func hash(into hasher: inout Hasher) { hasher.combine(kind) }

  public func matches(_ candidate: ByteText) -> Bool { matches(bytes: candidate.utf8) }

  /// The same for a text that is at hand as UTF-8. Inlinable, so that it is made for the caller's kind of text.
  @inlinable
  public func matches(bytes candidate: some Collection<UInt8>) -> Bool {
    if matchesAnything { return true }
    return candidate.withContiguousStorageIfAvailable(matches)
      ?? Array(candidate).withUnsafeBufferPointer(matches)
  }

  @usableFromInline var matchesAnything: Bool {
    if case .anything = kind { true } else { false }
  }

  @usableFromInline
  func matches(_ candidate: UnsafeBufferPointer<UInt8>) -> Bool {
    let bytes = UnsafeBufferPointer(rebasing: candidate.prefix(Self.mostBytes))
    switch kind {
    case .anything: return true
    case .exact(let text): return bytes.elementsEqual(text)
    case .parts(let first, let middle, let last):
      guard bytes.count >= first.count + last.count, bytes.starts(with: first),
        bytes.suffix(last.count).elementsEqual(last)
      else { return false }
      // The leftmost match for each part in turn is right because a star takes anything.
      var position = first.count
      let end = bytes.count - last.count
      for needle in middle {
        guard let after = needle.end(in: bytes, from: position, to: end) else { return false }
        position = after
      }
      return true
    }
  }
}
