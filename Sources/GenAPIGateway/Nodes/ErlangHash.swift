import GenAPIValue

/// Erlang's portable hash, `phash2`, of what a request can carry: it is the same on every machine, in every release.
///
/// Values are hashed as the terms that an Elixir gateway makes of a request's JSON: texts as binaries, null as `nil`.
/// The algorithm is that of `make_hash2` in the run-time system, after Bob Jenkins' `lookup2`.
package struct ErlangHash {
  private var hash: UInt32 = 0

  /// `erlang:phash2(Value, Range)`
  package static func of(_ value: Value, range: UInt32) -> UInt32 { of(value) % max(1, range) }

  /// All 32 bits: `erlang:phash2(Value, 4294967296)`.
  package static func of(_ value: Value) -> UInt32 {
    var hash = ErlangHash()
    hash.add(value)
    return hash.hash
  }

  private mutating func add(_ value: Value) {
    switch value {
    case .null: addAtom("nil")
    case .bool(let value): addAtom(value ? "true" : "false")
    case .int(let number): add(number)
    case .wideInteger(let number): add(magnitude: Self.words(number.digits), isNegative: number.isNegative)
    case .double(let number):
      let bits = (number == 0 ? 0 : number).bitPattern
      mix(UInt32(truncatingIfNeeded: bits >> 32), UInt32(truncatingIfNeeded: bits), 12)
    case .string(let text): text.withBytes { add(UnsafeRawBufferPointer($0)) }
    case .bytes(let bytes): bytes.withUnsafeBytes { add($0) }
    case .array(let items): add(items)
    case .object(let object): add(object)
    }
  }

  private mutating func add(_ number: Int64) {
    // What fits 28 bits is a small integer on every machine.
    guard (-(1 << 27)..<(1 << 27)).contains(number) else {
      return add(magnitude: [number.magnitude], isNegative: number < 0)
    }
    if number < 0 { mix(UInt32(-number), 0, 1) }
    mix(UInt32(truncatingIfNeeded: number), 0, 1)
  }

  private mutating func add(magnitude words: [UInt64], isNegative: Bool) {
    for word in words {
      mix(UInt32(truncatingIfNeeded: word), UInt32(truncatingIfNeeded: word >> 32), isNegative ? 10 : 11)
    }
  }

  private mutating func addAtom(_ name: StaticString) {
    let value = name.withUTF8Buffer { bytes in
      bytes.reduce(UInt32(0)) { hash, byte in
        let next = hash << 4 &+ UInt32(byte)
        let high = next & 0xf000_0000
        return next ^ high >> 24 ^ high
      }
    }
    if hash == 0 { hash = value } else { mix(value, 0, 3) }
  }

  private mutating func add(_ items: [Value]) {
    var index = items.startIndex
    while true {
      // Small numbers in a row are hashed four at a time, as if they were text.
      var packed: UInt32 = 0
      var count = 0
      while index < items.endIndex, case .int(let byte) = items[index], (0...255).contains(byte) {
        packed = packed << 8 &+ UInt32(byte)
        count += 1
        if count == 4 {
          mix(packed, 0, 4)
          (packed, count) = (0, 0)
        }
        index += 1
      }
      if count > 0 { mix(packed, 0, 4) }
      guard index < items.endIndex else { break }
      add(items[index])
      index += 1
    }
    // The empty list, in which every list ends.
    if hash == 0 { hash = 3_468_870_702 } else { mix(2, 0, 2) }
  }

  private mutating func add(_ object: ValueObject) {
    mix(UInt32(truncatingIfNeeded: object.count), 0, 16)
    guard !object.isEmpty else { return }
    var pairs: UInt32 = 0
    for (key, value) in object {
      var pair = ErlangHash()
      pair.add(.string(key))
      pair.add(value)
      pairs ^= pair.hash
    }
    mix(pairs, 0, 19)
  }

  private mutating func add(_ bytes: UnsafeRawBufferPointer) {
    let start = Self.golden &* 13 &+ hash
    guard !bytes.isEmpty else {
      hash = start
      return
    }
    func word(_ at: Int, _ count: Int) -> UInt32 {
      (0..<max(0, min(count, bytes.count - at))).reduce(0) { $0 | UInt32(bytes[at + $1]) << (8 * UInt32($1)) }
    }
    var (a, b, c) = (Self.golden, Self.golden, start)
    var position = 0
    while bytes.count - position >= 12 {
      a &+= word(position, 4)
      b &+= word(position + 4, 4)
      c &+= word(position + 8, 4)
      Self.mix(&a, &b, &c)
      position += 12
    }
    a &+= word(position, 4)
    b &+= word(position + 4, 4)
    // The lowest byte is for the length.
    c &+= UInt32(truncatingIfNeeded: bytes.count) &+ word(position + 8, 3) << 8
    Self.mix(&a, &b, &c)
    hash = c
  }

  // MARK: Mixing

  private static let golden: UInt32 = 0x9e37_79b9

  /// Each kind of term is mixed in with a multiple of its own.
  private mutating func mix(_ x: UInt32, _ y: UInt32, _ kind: UInt32) {
    var a = Self.golden &* kind &+ x
    var b = Self.golden &* kind &+ y
    Self.mix(&a, &b, &hash)
  }

  private static func mix(_ a: inout UInt32, _ b: inout UInt32, _ c: inout UInt32) {
    a = (a &- b &- c) ^ (c >> 13)
    b = (b &- c &- a) ^ (a << 8)
    c = (c &- a &- b) ^ (b >> 13)
    a = (a &- b &- c) ^ (c >> 12)
    b = (b &- c &- a) ^ (a << 16)
    c = (c &- a &- b) ^ (b >> 5)
    a = (a &- b &- c) ^ (c >> 3)
    b = (b &- c &- a) ^ (a << 10)
    c = (c &- a &- b) ^ (b >> 15)
  }

  /// The absolute value in words of 64 bits, lowest first.
  private static func words(_ digits: ByteText) -> [UInt64] {
    var words: [UInt64] = []
    for byte in digits.utf8 where byte != UInt8(ascii: "-") {
      var carry = UInt64(byte - UInt8(ascii: "0"))
      for index in words.indices {
        let (high, low) = words[index].multipliedFullWidth(by: 10)
        let (sum, overflow) = low.addingReportingOverflow(carry)
        words[index] = sum
        carry = high + (overflow ? 1 : 0)
      }
      if carry > 0 { words.append(carry) }
    }
    return words
  }
}
