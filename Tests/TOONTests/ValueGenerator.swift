import GenAPIValue

/// Makes values with what is easily written wrongly, the same ones for the same seed.
struct ValueGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state >> 11
  }

  mutating func next(below bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }

  static let pieces = [
    "a", "b c", "\"", "\\", "\n", "\r", "\t", "\u{1}", "\u{1f}", "\u{7f}", "é", "漢", "👩‍👩‍👧", "\u{a0}", " ", ",",
    "|", ":", "-",
    "#", "[", "]", "{", "}", "true", "null", "0", "1", "5", ".", "e", "+", "_", "[3]", "- ", "//", "\u{2028}",
  ]

  mutating func string() -> String {
    switch next(below: 4) {
    case 0:
      ["", "true", "false", "null", "-", "#", "05", "+1", "1e-6", "-1", " ", "[]", "{}", ".5", "0x10"][
        next(below: 15)]
    case 1: "word"
    default: (0..<next(below: 6)).map { _ in Self.pieces[next(below: Self.pieces.count)] }.joined()
    }
  }

  mutating func key() -> String {
    switch next(below: 3) {
    case 0: string()
    default: ["a", "b", "c.d", "_e", "f1"][next(below: 5)]
    }
  }

  mutating func primitive() -> Value {
    switch next(below: 7) {
    case 0: .null
    case 1: .bool(next(below: 2) == 0)
    case 2: .int(Int64(bitPattern: next() << 11 ^ next()))
    case 3: .int(Int64(next(below: 2_000)) - 1_000)
    case 4: .double(Double(next(below: 1_000_000)) / [1, 8, 3, 1e-9, 1e12, 1e-12][next(below: 6)])
    default: .string(.init(string()))
    }
  }

  mutating func value(depth: Int) -> Value {
    switch depth > 0 ? next(below: 7) : 0 {
    case 0, 1: return primitive()
    case 2: return .array((0..<next(below: 5)).map { _ in value(depth: depth - 1) })
    case 3: return .array((0..<next(below: 5)).map { _ in primitive() })
    case 4: return .array(alike(depth: depth - 1).map { Value.object($0) })
    case 5:
      var object = ValueObject()
      for row in alike(depth: depth - 1) { object[.init(key())] = .object(row) }
      return .object(object)
    default:
      var object = ValueObject()
      for _ in 0..<next(below: 5) { object[.init(key())] = value(depth: depth - 1) }
      return .object(object)
    }
  }

  /// Objects with the same keys in one order or another, now and then with something that makes no table of them.
  private mutating func alike(depth: Int) -> [ValueObject] {
    let keys = (0..<1 + next(below: 3)).map { _ in key() }
    let nested = next(below: 3) == 0 ? next(below: keys.count) : -1
    return (0..<1 + next(below: 4)).map { _ in
      var object = ValueObject()
      let isTurned = next(below: 3) == 0
      for (index, key) in isTurned ? Array(keys.enumerated().reversed()) : Array(keys.enumerated()) {
        object[.init(key)] =
          index == nested
          ? ["x": primitive(), "y": primitive()] : next(below: 30) == 0 ? value(depth: depth) : primitive()
      }
      return object
    }
  }
}
