import GenAPIValue

extension TOONReader {
  /// A line with content: neither blank nor a comment.
  struct Line {
    /// Where its content begins, behind the indentation.
    var start: Int
    /// Where its content ends, before spaces at the end.
    var end: Int
    var depth: Int
  }

  /// Steps to the next line with content.
  mutating func advance() throws(TOONError) {
    var blank: Int?
    while position < bytes.count {
      let begin = position
      var end = endOfLine(begin)
      looksAt(end - begin + 1)
      position = end + 1
      // A carriage return here belongs to the end of the line.
      if end > begin, bytes[end - 1] == 0x0D { end -= 1 }
      var start = begin
      while start < end, bytes[start] == 0x20 { start += 1 }
      guard start < end else {
        blank = blank ?? begin
        continue
      }
      if bytes[start] == UInt8(ascii: "#") { continue }
      while bytes[end - 1] == 0x20 { end -= 1 }
      line = Line(start: start, end: end, depth: try depth(of: start - begin, at: start))
      if options.isStrict, let blank, line!.depth >= spanDepth {
        throw error("expected no blank line inside an array", .blankLine, at: blank)
      }
      return
    }
    line = nil
  }

  /// The next line feed, or the end; eight bytes at a time.
  private func endOfLine(_ start: Int) -> Int {
    var index = start
    while index + 8 <= bytes.count {
      let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
      let found = TextWords.zeros(word ^ 0x0A0A_0A0A_0A0A_0A0A) & TextWords.tops
      if found != 0 { return index + found.trailingZeroBitCount >> 3 }
      index += 8
    }
    while index < bytes.count, bytes[index] != 0x0A { index += 1 }
    return index
  }

  private mutating func depth(of spaces: Int, at start: Int) throws(TOONError) -> Int {
    guard bytes[start] != 0x09 else {
      throw error("expected no tab in the indentation", .indentation, at: start)
    }
    guard !options.isStrict || spaces.isMultiple(of: options.indentSize) else {
      throw error(
        "expected an indentation by a multiple of \(options.indentSize) spaces, not \(spaces)", .indentation,
        at: start)
    }
    return spaces / options.indentSize
  }

  /// Where the content of a scope stands that was opened by a line of this depth: nil when the scope is empty.
  mutating func contentDepth(below depth: Int) throws(TOONError) -> Int? {
    guard let line, line.depth > depth else { return nil }
    guard !options.isStrict || line.depth == depth + 1 else {
      throw error(
        "expected an indentation by \((depth + 1) * options.indentSize) spaces at most", .indentation,
        at: line.start)
    }
    return line.depth
  }

  /// Whether a line of a scope is next. A deeper one belongs to no scope: an error, or skipped.
  mutating func isNext(at depth: Int) throws(TOONError) -> Bool {
    while let line, line.depth >= depth {
      if line.depth == depth { return true }
      guard !options.isStrict else {
        throw error(
          "expected an indentation by \(depth * options.indentSize) spaces at most: the line before opens nothing",
          .indentation, at: line.start)
      }
      try advance()
    }
    return false
  }
}
