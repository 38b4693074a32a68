/// Compresses with what RFC 1951 calls fixed codes, and runs of one byte only: enough to make bombs.
struct Deflater {
  private var bytes: [UInt8] = [0x78, 0x9c]
  private var bits: UInt32 = 0
  private var bitCount: UInt32 = 0
  private var sum: (a: UInt32, b: UInt32) = (1, 0)
  private(set) var plainCount = 0

  init() {
    put(1, 1)
    put(1, 2)
  }

  /// A whole term, as `term_to_binary(T, [compressed])` writes it: the version, the tag, the size, the stream.
  static func term(_ make: (inout Deflater) -> Void) -> [UInt8] {
    var deflater = Deflater()
    make(&deflater)
    let count = UInt32(deflater.plainCount)
    let size = (0..<4).map { UInt8(truncatingIfNeeded: count >> (24 - 8 * UInt32($0))) }
    return [131, 80] + size + deflater.finish()
  }

  mutating func write(_ values: [UInt8]) {
    for value in values {
      literal(value)
      count(value)
    }
  }

  /// `count` times the same byte.
  mutating func run(of value: UInt8, _ count: Int) {
    guard count > 0 else { return }
    write([value])
    var left = count - 1
    while left >= 258 {
      // The longest length, of the byte before.
      code(0b1100_0101, 8)
      code(0, 5)
      for _ in 0..<258 { self.count(value) }
      left -= 258
    }
    write(Array(repeating: value, count: left))
  }

  mutating func finish() -> [UInt8] {
    code(0, 7)
    if bitCount > 0 { bytes.append(UInt8(truncatingIfNeeded: bits)) }
    let adler = sum.b << 16 | sum.a
    for shift in [24, 16, 8, 0] as [UInt32] { bytes.append(UInt8(truncatingIfNeeded: adler >> shift)) }
    return bytes
  }

  private mutating func count(_ value: UInt8) {
    sum.a = (sum.a + UInt32(value)) % 65_521
    sum.b = (sum.b + sum.a) % 65_521
    plainCount += 1
  }

  private mutating func literal(_ value: UInt8) {
    if value < 144 {
      code(0b0011_0000 + UInt32(value), 8)
    } else {
      code(0b1_1001_0000 + UInt32(value) - 144, 9)
    }
  }

  /// Codes go out with their highest bit first, other numbers with their lowest.
  private mutating func code(_ value: UInt32, _ count: UInt32) {
    for bit in (0..<count).reversed() { put(value >> bit & 1, 1) }
  }

  private mutating func put(_ value: UInt32, _ count: UInt32) {
    bits |= value << bitCount
    bitCount += count
    while bitCount >= 8 {
      bytes.append(UInt8(truncatingIfNeeded: bits))
      bits >>= 8
      bitCount -= 8
    }
  }
}
