/// A text that is looked for, with the table of Knuth, Morris and Pratt (SIAM J. Comput. 6, 1977): no byte that was
/// looked at is ever gone back to.
struct Needle: Sendable, Hashable {
  private let bytes: [UInt8]
  /// For each length that matched, the longest shorter one that also does.
  private let shorter: [Int32]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    var shorter = [Int32](repeating: 0, count: bytes.count)
    var matched = 0
    for index in bytes.indices.dropFirst() {
      while matched > 0, bytes[index] != bytes[matched] { matched = Int(shorter[matched - 1]) }
      if bytes[index] == bytes[matched] { matched += 1 }
      shorter[index] = Int32(matched)
    }
    self.shorter = shorter
  }

  /// Where the leftmost match between the two ends; nil when there is none.
  func end<Text: RandomAccessCollection>(in text: Text, from start: Int, to end: Int) -> Int?
  where Text.Element == UInt8, Text.Index == Int {
    var matched = 0
    var index = start
    while index < end {
      let byte = text[index]
      while matched > 0, byte != bytes[matched] { matched = Int(shorter[matched - 1]) }
      if byte == bytes[matched] { matched += 1 }
      index += 1
      if matched == bytes.count { return index }
    }
    return nil
  }
}
