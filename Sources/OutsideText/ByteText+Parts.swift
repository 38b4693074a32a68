extension ByteText {
  /// Whether the text begins with these bytes.
  @inlinable
  public func hasPrefix(_ prefix: ByteText) -> Bool {
    withBytes { text in prefix.withBytes { text.starts(with: $0) } }
  }

  /// Whether the text ends with these bytes.
  @inlinable
  public func hasSuffix(_ suffix: ByteText) -> Bool {
    withBytes { text in suffix.withBytes { text.suffix($0.count).elementsEqual($0) } }
  }

  /// The text without these bytes at its beginning; nil when it does not begin with them.
  public func dropping(prefix: ByteText) -> ByteText? {
    hasPrefix(prefix)
      ? ByteText(string[string.utf8.index(string.startIndex, offsetBy: prefix.byteCount)...]) : nil
  }

  /// The text before and after the first `separator`, an ASCII byte; nil when there is none.
  public func parted(at separator: UInt8) -> (before: ByteText, after: ByteText)? {
    guard let index = utf8.firstIndex(of: separator) else { return nil }
    return (ByteText(string[..<index]), ByteText(string[string.utf8.index(after: index)...]))
  }

  /// The parts between separators, which are ASCII bytes; empty ones too.
  public func split(separator: UInt8) -> [ByteText] {
    utf8.split(separator: separator, omittingEmptySubsequences: false).map { ByteText(Substring($0)) }
  }

  /// The longest beginning of whole scalars that has at most `bytes` bytes.
  public func prefix(bytes most: Int) -> ByteText { ByteText(string.prefix(bytes: most)) }

  /// The text itself, or a beginning of it and how long it was, in at most `bytes` bytes.
  @inlinable
  @inline(__always)
  public func cut(bytes most: Int) -> ByteText {
    byteCount <= most ? self : ByteText(string.cut(bytes: most))
  }

  @inlinable
  public static func + (a: ByteText, b: ByteText) -> ByteText { ByteText(a.string + b.string) }
}

extension String {
  /// The longest beginning of whole scalars that has at most `bytes` bytes.
  ///
  /// `prefix(_:)` counts characters, and one character can be a megabyte of combining marks.
  public func prefix(bytes most: Int) -> String {
    guard utf8.count > most else { return self }
    var end = utf8.index(utf8.startIndex, offsetBy: max(0, most))
    // A scalar has at most three bytes that continue it.
    while end > utf8.startIndex, utf8[end] & 0xC0 == 0x80 { end = utf8.index(before: end) }
    return String(self[..<end])
  }

  /// The text itself, or a beginning of it and how long it was, in at most `bytes` bytes. Where that has no room the
  /// beginning ends in `…`.
  public func cut(bytes most: Int) -> String {
    guard utf8.count > most else { return self }
    let end = "… (cut, \(utf8.count) bytes)"
    if 2 * end.utf8.count <= most { return prefix(bytes: most - end.utf8.count) + end }
    return most < 3 ? prefix(bytes: most) : prefix(bytes: most - 3) + "…"
  }
}

extension Collection<ByteText> {
  /// The texts one after the other, with `separator` between them.
  @inlinable
  public func joined(separator: ByteText = "") -> ByteText {
    // One allocation, however many texts there are.
    var text = ""
    text.reserveCapacity(reduce(count * separator.byteCount) { $0 + $1.byteCount })
    var isFirst = true
    for part in self {
      if !isFirst { text += separator.string }
      isFirst = false
      text += part.string
    }
    return ByteText(text)
  }
}

extension Sequence<ByteText> {
  /// The texts one after the other, with `separator` between them.
  public func joined(separator: String = "") -> String { map(\.string).joined(separator: separator) }
}
