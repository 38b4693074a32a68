extension Collection<ByteText> {
  /// The texts as one that no other list of as many texts makes: before each separator in a text, and each escape, stands an
  /// escape. Both are ASCII bytes.
  ///
  /// For keys and labels: names may hold any byte, and `a/b` with `c` is not `a` with `b/c`.
  public func joinedUniquely(by separator: UInt8, escape: UInt8 = UInt8(ascii: "\\")) -> ByteText {
    let join = ByteText(decoding: [separator])
    guard contains(where: { $0.utf8.contains { $0 == separator || $0 == escape } }) else {
      return joined(separator: join)
    }
    return map { $0.escaping(separator, by: escape) }.joined(separator: join)
  }

  /// The same for keys that nobody reads: the bytes are such that hardly a name has them.
  public var joinedAsKey: ByteText { joinedUniquely(by: 0x1F, escape: 0x1B) }
}

extension ByteText {
  /// The text with an escape before each byte that is this one or the escape itself; both are ASCII bytes.
  public func escaping(_ byte: UInt8, by escape: UInt8 = UInt8(ascii: "\\")) -> ByteText {
    guard utf8.contains(where: { $0 == byte || $0 == escape }) else { return self }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(byteCount + 8)
    for other in utf8 {
      if other == byte || other == escape { bytes.append(escape) }
      bytes.append(other)
    }
    return ByteText(decoding: bytes)
  }

  /// The text before and after the first `separator` without an escape before it, the first part as it was before `escaping`;
  /// nil when there is none. An escape before another byte than these two, which `escaping` never writes, is itself.
  public func partedUnescaped(at separator: UInt8, escape: UInt8 = UInt8(ascii: "\\"))
    -> (before: ByteText, after: ByteText)?
  {
    var before: [UInt8] = []
    var isEscaped = false
    for (offset, byte) in utf8.enumerated() {
      if isEscaped {
        isEscaped = false
        if byte != separator, byte != escape { before.append(escape) }
      } else if byte == escape {
        isEscaped = true
        continue
      } else if byte == separator {
        return (ByteText(decoding: before), ByteText(decoding: Array(utf8.dropFirst(offset + 1))))
      }
      before.append(byte)
    }
    return nil
  }
}
