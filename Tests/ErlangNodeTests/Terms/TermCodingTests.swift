import ErlangNode
import Testing

@Suite("Terms on the wire")
struct TermCodingTests {
  /// Hexadecimal bytes as `term_to_binary` writes them, and the term.
  static let vectors: [(String, Term)] = [
    ("8361ff", Term.integer(255)),
    ("8362ffffffff", .integer(-1)),
    ("836e0800ffffffffffffff7f", .integer(.max)),
    ("836e08010000000000000080", .integer(.min)),
    (
      "836e0900000000000000000001",
      .bigInteger(BigInteger(isNegative: false, magnitude: [0, 0, 0, 0, 0, 0, 0, 0, 1]))
    ),
    ("83463ff8000000000000", .float(1.5)),
    ("8377026f6b", .atom("ok")),
    ("8364000474727565", .atom("true")),
    ("83680277026f6b6101", .tuple([.atom("ok"), .integer(1)])),
    ("836a", .list([])),
    ("836b0003010203", .list([.integer(1), .integer(2), .integer(3)])),
    ("836c0000000161016102", .improperList([.integer(1)], tail: .integer(2))),
    ("836d00000003616263", .binary([97, 98, 99])),
    ("834d0000000103a0", .bitString([0xa0], bits: 3)),
    ("8374000000017701616101", .map(TermMap([(.atom("a"), .integer(1))]))),
    ("837177056c6973747377036d61706102", .export(module: "lists", function: "map", arity: 2)),
  ]

  private let decoder = TermDecoder()

  private static func hex(_ text: String) -> [UInt8] {
    let digits = text.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }

  @Test(
    "bytes that an Erlang node wrote are read as the term it meant",
    arguments: TermCodingTests.vectors)
  func capturedVectors(bytes: String, term: Term) throws {
    #expect(try decoder.decode(Self.hex(bytes)) == term)
  }

  @Test("a compressed term is read")
  func compressed() throws {
    // A list of forty times the atom `a`, deflated with dynamic or fixed codes, and a small stored one.
    let deflated: [UInt8] = [
      131, 80, 0, 0, 0, 126, 120, 156, 203, 97, 96, 96, 208, 40, 103, 76, 28, 16, 148, 5, 0, 114, 68, 34, 231,
    ]
    #expect(try decoder.decode(deflated) == .list(Array(repeating: .atom("a"), count: 40)))
    let stored: [UInt8] = [131, 80, 0, 0, 0, 2, 120, 1, 1, 2, 0, 253, 255, 97, 7, 0, 203, 0, 105]
    #expect(try decoder.decode(stored) == .integer(7))
  }

  @Test("every generated term comes back as it was")
  func roundTrip() throws {
    var generator = TermGenerator(seed: 11)
    for _ in 0..<3_000 {
      let term = generator.term(depth: 4)
      #expect(try decoder.decode(TermEncoder().encode(term)) == term)
    }
  }

  @Test("nesting deeper than the bound is refused")
  func depth() {
    let bytes: [UInt8] = [131] + (0..<600).flatMap { _ in [104, 1] as [UInt8] } + [97, 1]
    #expect(throws: TermError.self) { try decoder.decode(bytes) }
  }

  @Test("what is read at the deepest level can be written and read again")
  func deepest() throws {
    // 512 tuples around a list of small integers in its short form, whose long form has terms of its own.
    let tuples = (0..<512).flatMap { _ in [104, 1] as [UInt8] }
    let term = try decoder.decode([131] + tuples + [107, 0, 2, 1, 2])
    #expect(try decoder.decode(TermEncoder().encode(term)) == term)
    #expect(throws: TermError(reason: .tooDeep(limit: 512), offset: 1_027)) {
      try decoder.decode([131] + tuples + [104, 1, 107, 0, 2, 1, 2])
    }
  }

  @Test("a list that came in pieces is one list")
  func pieces() throws {
    let one: [UInt8] = [108, 0, 0, 0, 1, 97, 1]
    #expect(try decoder.decode([131] + one + one + [106]) == .list([.integer(1), .integer(1)]))
    #expect(try decoder.decode([131] + one + [107, 0, 1, 2]) == .list([.integer(1), .integer(2)]))
    #expect(
      try decoder.decode([131] + one + one + [97, 3])
        == .improperList([.integer(1), .integer(1)], tail: .integer(3)))
    #expect(try decoder.decode([131, 108, 0, 0, 0, 0, 97, 3]) == .integer(3))
    #expect(throws: TermError.self) { try decoder.decode([131] + one) }
  }

  @Test("a length that the input cannot hold is refused before anything is reserved")
  func hugeLength() {
    for bytes: [UInt8] in [
      [131, 105, 255, 255, 255, 255], [131, 108, 255, 255, 255, 255], [131, 116, 127, 255, 255, 255],
      [131, 109, 255, 255, 255, 255], [131, 111, 255, 255, 255, 255, 0],
      [131, 80, 255, 255, 255, 255, 120, 156],
    ] {
      #expect(throws: TermError.self) { try decoder.decode(bytes) }
    }
  }

  @Test("an error says what is wrong and where")
  func errors() {
    #expect(throws: TermError(reason: .badVersion(130), offset: 0)) { try decoder.decode([130, 97, 1]) }
    #expect(throws: TermError(reason: .unknownTag(1), offset: 1)) { try decoder.decode([131, 1]) }
    #expect(throws: TermError(reason: .trailingBytes(1), offset: 3)) { try decoder.decode([131, 97, 1, 0]) }
  }

  @Test("maps are equal whatever the order of their pairs")
  func mapOrder() {
    let a = Term.map(TermMap([(.atom("x"), .integer(1)), (.atom("y"), .integer(2))]))
    let b = Term.map(TermMap([(.atom("y"), .integer(2)), (.atom("x"), .integer(1))]))
    #expect(a == b)
    #expect(a.hashValue == b.hashValue)
  }
}
