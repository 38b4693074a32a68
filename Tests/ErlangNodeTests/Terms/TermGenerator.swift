import ErlangNode

/// Makes terms of every kind, the same ones for the same seed.
struct TermGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state >> 11
  }

  mutating func next(below bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }

  mutating func bytes(_ bound: Int) -> [UInt8] {
    (0..<next(below: bound)).map { _ in UInt8(next(below: 256)) }
  }

  mutating func term(depth: Int) -> Term {
    switch next(below: depth > 0 ? 16 : 11) {
    case 0: return .integer(Int64(next(below: 300)) - 20)
    case 1: return .integer(Int64(bitPattern: next() << 11 | next() & 2_047))
    case 2:
      return .bigInteger(
        BigInteger(isNegative: next(below: 2) == 1, magnitude: bytes(20) + Array(repeating: 1, count: 9)))
    case 3: return .float(Double(next(below: 1_000_000)) / 7 - 1_000)
    case 4: return .atom(["ok", "error", "Elixir.String", "", "größe", "\u{1F600}"][next(below: 6)])
    case 5: return .binary(bytes(40))
    case 6: return .bitString(bytes(4) + [0b1010_0000], bits: UInt8(1 + next(below: 7)))
    case 7: return .pid(Pid(node: "a@b", id: UInt32(next(below: 9_999)), serial: 1, creation: 7))
    case 8: return .port(Port(node: "a@b", id: next(), creation: 7))
    case 9:
      return .reference(Reference(node: "a@b", creation: 3, ids: (0...next(below: 3)).map { UInt32($0) }))
    case 10: return .export(module: "lists", function: "map", arity: UInt8(next(below: 256)))
    case 11: return .tuple(terms(depth))
    case 12: return .list(terms(depth))
    case 13: return .improperList([term(depth: depth - 1)], tail: .atom("tail"))
    case 14: return .map(TermMap(terms(depth).map { ($0, .integer(Int64(next(below: 10)))) }))
    default: return .tuple((0..<next(below: 300)).map { .integer(Int64($0)) })
    }
  }

  private mutating func terms(_ depth: Int) -> [Term] {
    (0..<next(below: 5)).map { _ in term(depth: depth - 1) }
  }
}
