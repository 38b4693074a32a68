/// A keyed hash of bytes that lie in one piece: SipHash-1-3 (Aumasson and Bernstein, INDOCRYPT 2012), as `Hasher` computes it.
///
/// `Hasher` takes bytes in pieces, and to be ready for the next one costs a short text twice what the hashing does. With all
/// of them at hand the state stays in registers. Nobody who does not know the key can choose texts that meet.
struct SipHash {
  /// This process's, as random as the key of `Hasher`, from which it is made.
  static let process = SipHash(key: (half(0), half(1)))

  private let key: (UInt64, UInt64)

  init(key: (UInt64, UInt64)) { self.key = key }

  private static func half(_ number: UInt8) -> UInt64 {
    var hasher = Hasher()
    hasher.combine(number)
    return UInt64(truncatingIfNeeded: hasher.finalize())
  }

  /// - Parameter seed: of one dictionary; others have its keys in another order.
  @inline(__always)
  func hash(_ bytes: UnsafeRawBufferPointer, seed: Int) -> Int {
    Int(truncatingIfNeeded: Self.hash(bytes, (key.0 ^ UInt64(truncatingIfNeeded: seed), key.1)))
  }

  @inline(__always)
  static func hash(_ bytes: UnsafeRawBufferPointer, _ key: (UInt64, UInt64)) -> UInt64 {
    var state = State(key)
    let whole = bytes.count & ~7
    var index = 0
    while index < whole {
      state.take(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)))
      index += 8
    }
    state.take(UInt64(truncatingIfNeeded: bytes.count) << 56 | rest(bytes, from: whole))
    return state.end()
  }

  /// The last bytes, up to seven. They are read as they were written, in pieces that do not reach over eight bytes: a short
  /// string is two words, just stored, and a processor waits for what lies in both.
  @inline(__always)
  private static func rest(_ bytes: UnsafeRawBufferPointer, from start: Int) -> UInt64 {
    let count = bytes.count - start
    if count >= 4 {
      let first = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt32.self))
      let last = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: start + count - 4, as: UInt32.self))
      return UInt64(first) | UInt64(last) << UInt64(8 * (count - 4))
    }
    if count == 0 { return 0 }
    // The first, the middle and the last of one to three, each at its place, some of them twice.
    let middle = count / 2
    return UInt64(bytes[start]) | UInt64(bytes[start + middle]) << UInt64(8 * middle)
      | UInt64(bytes[start + count - 1]) << UInt64(8 * (count - 1))
  }

  private struct State {
    var v0, v1, v2, v3: UInt64

    @inline(__always)
    init(_ key: (UInt64, UInt64)) {
      // "somepseudorandomlygeneratedbytes"
      v0 = key.0 ^ 0x736F_6D65_7073_6575
      v1 = key.1 ^ 0x646F_7261_6E64_6F6D
      v2 = key.0 ^ 0x6C79_6765_6E65_7261
      v3 = key.1 ^ 0x7465_6462_7974_6573
    }

    @inline(__always)
    mutating func take(_ word: UInt64) {
      v3 ^= word
      round()
      v0 ^= word
    }

    @inline(__always)
    mutating func end() -> UInt64 {
      v2 ^= 0xFF
      round()
      round()
      round()
      return v0 ^ v1 ^ v2 ^ v3
    }

    @inline(__always)
    private mutating func round() {
      v0 = v0 &+ v1
      v1 = Self.turn(v1, 13) ^ v0
      v0 = Self.turn(v0, 32)
      v2 = v2 &+ v3
      v3 = Self.turn(v3, 16) ^ v2
      v0 = v0 &+ v3
      v3 = Self.turn(v3, 21) ^ v0
      v2 = v2 &+ v1
      v1 = Self.turn(v1, 17) ^ v2
      v2 = Self.turn(v2, 32)
    }

    @inline(__always)
    private static func turn(_ word: UInt64, _ bits: UInt64) -> UInt64 {
      word &<< bits | word &>> (64 - bits)
    }
  }
}
