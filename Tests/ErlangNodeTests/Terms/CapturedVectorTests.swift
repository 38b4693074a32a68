import Testing

@testable import ErlangNode

/// What `term_to_binary` of OTP 25 wrote.
@Suite("Terms as a real node writes them")
struct CapturedVectorTests {
  static let vectors: [(String, Term)] = [
    ("836107", .integer(7)), ("8362fffe7960", .integer(-100_000)),
    ("836e0600000000000001", .integer(1 << 40)), ("836e0601000000000001", .integer(-(1 << 40))),
    (
      "836e0b000000000000000000000001",
      .bigInteger(BigInteger(isNegative: false, magnitude: Array(repeating: 0, count: 10) + [1]))
    ),
    ("83463ff8000000000000", .float(1.5)), ("8364000568656c6c6f", .atom("hello")),
    ("837705c3a4e282ac", .atom("ä€")), ("8368026400026f6b6101", .tuple([.atom("ok"), .integer(1)])),
    ("836a", .list([])), ("836b0003010203", .list([.integer(1), .integer(2), .integer(3)])),
    ("836c000000026400016162000003e86a", .list([.atom("a"), .integer(1_000)])),
    ("836c000000016400016164000162", .improperList([.atom("a")], tail: .atom("b"))),
    ("836d000000020102", .binary([1, 2])), ("834d0000000103a0", .bitString([0xA0], bits: 3)),
    ("837400000001640001616101", .map(TermMap([(key: .atom("a"), value: .integer(1))]))),
    (
      "837164000665726c616e676400036162736101",
      .export(module: "erlang", function: "abs", arity: 1)
    ),
    (
      "835000000196789ccb61606048496160ac18c58307670100358f578f",
      .list(Array(repeating: .atom("x"), count: 100))
    ),
  ]

  @Test("they are read", arguments: vectors)
  func read(_ hex: String, _ term: Term) throws {
    var bytes: [UInt8] = []
    var rest = hex[...]
    while let byte = UInt8(rest.prefix(2), radix: 16) {
      bytes.append(byte)
      rest = rest.dropFirst(2)
    }
    #expect(try TermDecoder().decode(bytes) == term)
    #expect(try TermDecoder().decode(TermEncoder().encode(term)) == term)
  }
}
