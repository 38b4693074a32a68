import GenAPIValue

/// Makes values of every kind JSON knows, the same ones for the same seed.
struct ValueGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state >> 11
  }

  mutating func next(below bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }

  mutating func string() -> String {
    let alphabet: [Character] = [
      "a", "\"", "\\", "\n", "\u{1}", "é", "漢", "👩‍👩‍👧", "/", " ", "\u{7f}", "\u{2028}",
    ]
    return String((0..<next(below: 8)).map { _ in alphabet[next(below: alphabet.count)] })
  }

  mutating func value(depth: Int) -> Value {
    switch next(below: depth > 0 ? 8 : 6) {
    case 0: return .null
    case 1: return .bool(next(below: 2) == 0)
    case 2: return .int(Int64(bitPattern: next() << 11 ^ next()))
    case 3: return .int(Int64(next(below: 2_000)) - 1_000)
    case 4: return .double(Double(next(below: 1_000_000)) / [1, 8, 3, 1e-9, 1e12][next(below: 5)])
    case 5: return .string(ByteText(string()))
    case 6: return .array((0..<next(below: 5)).map { _ in value(depth: depth - 1) })
    default:
      var object = ValueObject()
      for _ in 0..<next(below: 5) { object[ByteText(string())] = value(depth: depth - 1) }
      return .object(object)
    }
  }
}
