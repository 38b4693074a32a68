import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import TestRandom
import Testing

@testable import TopModel

@Suite("Writing a filter")
struct FilterWritingTests {
  /// Names of every kind of character, alone and beside each other.
  private static let names: [ByteText] = {
    let pieces: [String] = [
      "a", "Z", "9", " ", "\t", "\n", "\r\n", "\"", "\\", "*", ",", ":", "-", "=", "!", "<", ">", "~", "(",
      "u{41}", "\\u{41}",
      "\\\"", "service:", "dur", "status", "é", "e\u{301}", "\u{301}", "\u{200D}", "\u{0D4E}", "\u{FE0F}",
      "漢", "👩‍👩‍👧", "\u{0}",
      "\u{1B}[31m", "\u{202E}", "\u{2028}", "\u{FEFF}", "\u{0903}", "🇩", "\u{1100}", "\u{1161}",
    ]
    var names = pieces
    for piece in pieces { for other in pieces { names.append(piece + other) } }
    var random = SeededRandom(seed: 7)
    for _ in 0..<2_000 {
      names.append(
        (0..<Int.random(in: 1...8, using: &random)).map { _ in pieces.randomElement(using: &random)! }
          .joined())
    }
    return names.map { ByteText($0) }
  }()

  private func passes(_ filter: String, _ user: ByteText) throws -> Bool {
    let record = EventRecord.stop(
      1, at: 0, service: "s", type: "t", request: "r", outcome: "ok", user: user.string)
    return try FilterExpression(parsing: filter).matches(
      EventRow(node: "gw1", record: record, severity: .normal))
  }

  @Test(
    "whatever a name is, what is written of it lets it through, nothing else, and stands beside other terms")
  func everyName() throws {
    for name in Self.names {
      let written = FilterWriting.written(name)
      let filter = "-status:error user:\(written) type:t"
      #expect(try passes(filter, name), "\(filter)")
      #expect(try !passes(filter, name + "x") && !passes(filter, "x" + name), "\(filter)")
      if name.utf8.contains(UInt8(ascii: "*")) {
        let other = ByteText(
          decoding: name.utf8.flatMap { $0 == UInt8(ascii: "*") ? Array("xy".utf8) : [$0] })
        #expect(try !passes(filter, other), "\(filter)")
      }
      #expect(
        FilterWriting.terms(filter).map { ByteText($0) } == [
          "-status:error", ByteText("user:\(written)"), "type:t",
        ])
      let values = FilterWriting.values(of: "user:a,\(written)")
      #expect(
        values.map(\.name) == ["a", name]
          && values.map(\.written).last.map { ByteText($0) } == ByteText(written))
    }
  }

  @Test("a word that is written of a name finds it, whatever it is")
  func everyWord() throws {
    for name in Self.names {
      let filter = "status:ok \(FilterWriting.written(name, isWord: true))"
      #expect(try passes(filter, "<" + name + ">"), "\(filter)")
      #expect(FilterWriting.terms(filter).count == 2, "\(filter)")
    }
  }

  @Test("a backslash within quotes keeps a quote, itself and a star; elsewhere it stands for itself")
  func escapes() throws {
    for (filter, name) in [
      (#"user:"a\"b""#, #"a"b"#), (#"user:"a\\b""#, #"a\b"#), (#"user:"a\b""#, #"a\b"#),
      (#"user:a\b"#, #"a\b"#),
      (#"user:"\*""#, "*"), (#"user:"\u{1f}x""#, "\u{1F}x"), (#"user:"\\u{}""#, #"\u{}"#),
      (#"user:a" b "c"#, "a b c"), (#"user:x,"a,b""#, "a,b"), (#"user:"""#, ""),
    ] {
      #expect(try passes(filter, ByteText(name)), "\(filter)")
      #expect(try !passes(filter, "other"), "\(filter)")
    }
    #expect(try passes("user:\"a *\"", "a b"))
    #expect(FilterWriting.written("plain_1") == "plain_1" && FilterWriting.written("a b") == "\"a b\"")
    #expect(throws: FilterError.self) { try FilterExpression(parsing: #"user:"a\""#) }
  }

  @Test(
    "gateways leave out nothing that the filter lets through, though they know no star that stands for itself"
  )
  func pushed() throws {
    for (filter, user) in [(#"-user:"a\*""#, "ab"), (#"user:"a\*""#, "a*"), (#"user:"""#, "")] {
      let record = EventRecord.stop(
        1, at: 0, service: "s", type: "t", request: "r", outcome: "ok", user: user)
      #expect(try passes(filter, ByteText(user)))
      #expect(CompiledFilter(try FilterExpression(parsing: filter).pushdown).matches(record), "\(filter)")
    }
  }
}
