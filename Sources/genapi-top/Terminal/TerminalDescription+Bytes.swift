extension TerminalDescription {
  /// Little-endian numbers out of bytes; nil where the bytes end.
  struct Reader {
    let bytes: [UInt8]
    private var position = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func take(_ count: Int) -> [UInt8]? {
      guard count >= 0, position + count <= bytes.count else { return nil }
      defer { position += count }
      return Array(bytes[position..<position + count])
    }

    mutating func short() -> Int? {
      take(2).map { Int(Int16(truncatingIfNeeded: Int($0[0]) | Int($0[1]) << 8)) }
    }

    mutating func shorts(_ count: Int) -> [Int]? {
      // A count comes from a 16-bit header field, or is a sum of three.
      guard let block = take(2 * count) else { return nil }
      return (0..<count).map {
        Int(Int16(truncatingIfNeeded: Int(block[2 * $0]) | Int(block[2 * $0 + 1]) << 8))
      }
    }

    mutating func numbers(_ count: Int, long: Bool) -> [Int]? {
      guard long else { return shorts(count) }
      guard let block = take(4 * count) else { return nil }
      return (0..<count).map { index in
        Int(Int32(truncatingIfNeeded: (0..<4).reduce(0) { $0 | Int(block[4 * index + $1]) << (8 * $1) }))
      }
    }

    /// Sections of numbers start at even places; false at the end of the bytes.
    mutating func align() -> Bool {
      if position % 2 == 1 { position += 1 }
      return position <= bytes.count
    }
  }

  struct Writer {
    var bytes: [UInt8] = []

    mutating func shorts(_ values: [Int]) {
      for value in values {
        bytes.append(UInt8(truncatingIfNeeded: value))
        bytes.append(UInt8(truncatingIfNeeded: value >> 8))
      }
    }

    mutating func longs(_ values: [Int]) {
      for value in values {
        for shift in stride(from: 0, to: 32, by: 8) {
          bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
      }
    }

    mutating func align() {
      if bytes.count % 2 == 1 { bytes.append(0) }
    }
  }
}
