/// Why compressed data cannot be read.
enum InflateError: Error {
  case truncated
  case badHeader
  case badBlock
  case badCode
  case tooLong
  case badChecksum
  case wrongSize
}

/// Decompresses a zlib stream (RFC 1950, RFC 1951) of known size; never writes more than `limit` bytes.
///
/// Terms are rarely compressed, so this is small rather than fast.
struct Inflater {
  private let input: [UInt8]
  private(set) var position: Int
  private let limit: Int
  private var output: [UInt8] = []
  private var bitBuffer: UInt32 = 0
  private var bitCount = 0

  init(input: [UInt8], from position: Int, limit: Int) {
    self.input = input
    self.position = position
    self.limit = limit
  }

  mutating func zlib() throws(InflateError) -> [UInt8] {
    let method = try nextByte()
    let flags = try nextByte()
    guard method & 15 == 8, (Int(method) << 8 | Int(flags)) % 31 == 0, flags & 32 == 0 else {
      throw .badHeader
    }
    var isLast = false
    while !isLast {
      isLast = try bits(1) == 1
      switch try bits(2) {
      case 0: try stored()
      case 1: try compressed(.fixedLiterals, .fixedDistances)
      case 2:
        let (literals, distances) = try dynamicCodes()
        try compressed(literals, distances)
      default: throw .badBlock
      }
    }
    bitCount = 0
    var expected: UInt32 = 0
    for _ in 0..<4 { expected = expected << 8 | UInt32(try nextByte()) }
    guard expected == Self.adler32(output) else { throw .badChecksum }
    return output
  }

  private static func adler32(_ bytes: [UInt8]) -> UInt32 {
    var a: UInt32 = 1
    var b: UInt32 = 0
    for byte in bytes {
      a = (a + UInt32(byte)) % 65_521
      b = (b + a) % 65_521
    }
    return b << 16 | a
  }

  private mutating func nextByte() throws(InflateError) -> UInt8 {
    guard position < input.count else { throw .truncated }
    defer { position += 1 }
    return input[position]
  }

  private mutating func bits(_ count: Int) throws(InflateError) -> Int {
    while bitCount < count {
      bitBuffer |= UInt32(try nextByte()) << UInt32(bitCount)
      bitCount += 8
    }
    let value = bitBuffer & ((1 << UInt32(count)) - 1)
    bitBuffer >>= UInt32(count)
    bitCount -= count
    return Int(value)
  }

  private mutating func emit(_ byte: UInt8) throws(InflateError) {
    guard output.count < limit else { throw .tooLong }
    output.append(byte)
  }

  private mutating func stored() throws(InflateError) {
    bitBuffer = 0
    bitCount = 0
    let low = Int(try nextByte())
    let length = Int(try nextByte()) << 8 | low
    _ = try nextByte()
    _ = try nextByte()
    for _ in 0..<length { try emit(try nextByte()) }
  }

  private mutating func symbol(_ code: HuffmanCode) throws(InflateError) -> Int {
    var value = 0
    var first = 0
    var index = 0
    // At most 15 rounds: the longest code has 15 bits.
    for length in 1...15 {
      value |= try bits(1)
      let count = code.counts[length]
      if value - first < count { return code.symbols[index + value - first] }
      index += count
      first = (first + count) << 1
      value <<= 1
    }
    throw .badCode
  }

  private mutating func compressed(_ literals: HuffmanCode, _ distances: HuffmanCode) throws(InflateError) {
    while true {
      let literal = try symbol(literals)
      if literal < 256 {
        try emit(UInt8(literal))
      } else if literal == 256 {
        return
      } else {
        guard literal - 257 < Self.lengthBases.count else { throw .badCode }
        let length = Self.lengthBases[literal - 257] + (try bits(Self.lengthExtras[literal - 257]))
        let code = try symbol(distances)
        guard code < Self.distanceBases.count else { throw .badCode }
        let distance = Self.distanceBases[code] + (try bits(Self.distanceExtras[code]))
        guard distance <= output.count else { throw .badCode }
        for _ in 0..<length { try emit(output[output.count - distance]) }
      }
    }
  }

  private mutating func dynamicCodes() throws(InflateError) -> (HuffmanCode, HuffmanCode) {
    let literalCount = try bits(5) + 257
    let distanceCount = try bits(5) + 1
    let codeCount = try bits(4) + 4
    var codeLengths = [Int](repeating: 0, count: 19)
    for index in 0..<codeCount { codeLengths[Self.codeOrder[index]] = try bits(3) }
    let code = HuffmanCode(lengths: codeLengths)
    var lengths: [Int] = []
    while lengths.count < literalCount + distanceCount {
      let next = try symbol(code)
      switch next {
      case 0...15: lengths.append(next)
      case 16:
        guard let last = lengths.last else { throw .badCode }
        lengths += Array(repeating: last, count: try bits(2) + 3)
      case 17: lengths += Array(repeating: 0, count: try bits(3) + 3)
      default: lengths += Array(repeating: 0, count: try bits(7) + 11)
      }
    }
    guard lengths.count == literalCount + distanceCount else { throw .badCode }
    return (
      HuffmanCode(lengths: Array(lengths[..<literalCount])),
      HuffmanCode(lengths: Array(lengths[literalCount...]))
    )
  }

  private static let codeOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
  private static let lengthBases = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
    227, 258,
  ]
  private static let lengthExtras = [
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
  ]
  private static let distanceBases = [
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1_025, 1_537, 2_049, 3_073,
    4_097, 6_145, 8_193, 12_289, 16_385, 24_577,
  ]
  private static let distanceExtras = [
    0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
  ]
}

/// A canonical Huffman code of RFC 1951.
struct HuffmanCode {
  /// How many symbols have a code of each length.
  var counts = [Int](repeating: 0, count: 16)
  /// All symbols, by code.
  var symbols: [Int] = []

  init(lengths: [Int]) {
    for length in lengths where length > 0 { counts[length] += 1 }
    for length in 1...15 {
      symbols += lengths.indices.filter { lengths[$0] == length }
    }
  }

  static let fixedLiterals = HuffmanCode(
    lengths: (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 })
  static let fixedDistances = HuffmanCode(lengths: Array(repeating: 5, count: 30))
}
