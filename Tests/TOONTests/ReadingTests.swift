import GenAPIValue
import TOON
import Testing

/// Cases of our own, from the specification's rules.
@Suite("Reading TOON")
struct ReadingTests {
  @Test("numbers have one grammar, and anything else is a text")
  func numbers() throws {
    #expect(
      try Value(toon: "[8]: 5,-7,0,-0,9223372036854775807,1.5000,2.5e2,-1E+03")
        == [5, -7, 0, 0, 9_223_372_036_854_775_807, 1.5, 250.0, -1000.0])
    let texts: [Value] = [
      ".5", "1.", "0x10", "05", "-05", "+1", "1_000", "1e", "--1", "Infinity", "1 2", "٣",
    ]
    let line = texts.compactMap(\.string).map { "\($0)" }.joined(separator: ",")
    #expect(try Value(toon: "[12]: \(line)") == .array(texts))
    #expect(try Value(toon: "-0.0").double?.sign == .plus)
  }

  @Test("a number too large for a double is an error, or a text when reading is not strict")
  func range() throws {
    #expect(throws: TOONError("expected a number that fits a double", rule: .number, line: 1, column: 4)) {
      try Value(toon: "a: 1e999")
    }
    #expect(try Value(toon: "a: 1e999", options: .init(isStrict: false)) == ["a": "1e999"])
  }

  @Test("only spaces are trimmed")
  func spaces() throws {
    #expect(
      try Value(toon: "a:   x  \nb[2]: \u{a0}1 ,  2\u{2003}") == ["a": "x", "b": ["\u{a0}1", "2\u{2003}"]])
    #expect(try Value(toon: "a: \tx\t") == ["a": "\tx\t"])
  }

  @Test("a count that does not stand right behind its key is a part of the key, section 5.2")
  func noHeaders() throws {
    #expect(
      try Value(toon: "key [2]: 1,2\na:b[2]: 1,2\nfoo [2]: bar") == [
        "key [2]": "1,2", "a": "b[2]: 1,2", "foo [2]": "bar",
      ])
    // Behind it, it is a header with a fault.
    #expect(throws: TOONError.self) { try Value(toon: "key[2] : 1,2") }
  }

  @Test("a byte order mark in a text is a part of it, sections 4 and 12")
  func byteOrderMark() throws {
    #expect(try Value(toon: "\u{feff}a: \u{feff}") == ["\u{feff}a": "\u{feff}"])
  }

  @Test("lines that begin with # vanish before anything else")
  func comments() throws {
    #expect(try Value(toon: "# a\n[2]{a}:\n # 1\n  1\n      # x\n#\n  2\n# end") == [["a": 1], ["a": 2]])
    #expect(try Value(toon: "#") == [:])
    #expect(try Value(toon: "a: # x") == ["a": "# x"])
  }

  @Test("in a table the first delimiter or colon outside quotes decides between row and field")
  func rows() throws {
    #expect(
      try Value(toon: "t[2]{a,b}:\n  1,x:y\n  \"a:b\",2") == [
        "t": [["a": 1, "b": "x:y"], ["a": "a:b", "b": 2]]
      ])
    #expect(
      try Value(toon: "t[2]{a}:\n  1\nb: 2", options: .init(isStrict: false)) == ["t": [["a": 1]], "b": 2])
    #expect(throws: TOONError.self) { try Value(toon: "t[1]{a}:\n  b: 1") }
  }

  @Test("entries of a keyed table split at the first colon outside quotes")
  func entries() throws {
    #expect(
      try Value(toon: "[2:|]{a|b}:\n  \"x:y\": 1|:\n  k[1]: []|") == [
        "x:y": ["a": 1, "b": ":"], "k[1]": ["a": "[]", "b": ""],
      ])
  }

  @Test("a line that is no header is a key and a value")
  func keys() throws {
    #expect(try Value(toon: "foo [2]: bar") == ["foo [2]": "bar"])
    #expect(try Value(toon: "foo-bar[2]: a,b") == ["foo-bar[2]": "a,b"])
    #expect(try Value(toon: "a:b[2]: x") == ["a": "b[2]: x"])
    #expect(try Value(toon: "\"a:b\"[1]: x") == ["a:b": ["x"]])
    #expect(try Value(toon: "a[2]") == "a[2]")
    #expect(try Value(toon: ": 1") == ["": 1])
  }

  @Test("a list's item may be anything, and its first field stands one level deeper")
  func items() throws {
    let text = """
      [7]:
        - a:
            b: 1
          c: 2
        - x[2]:
            - 1
            - -
          y:
        - []
        - [0]:
        -
        - - a
        -   spaced
      """
    #expect(
      try Value(toon: text) == [
        ["a": ["b": 1], "c": 2], ["x": [1, "-"], "y": [:]], [], [], [:], "- a", "spaced",
      ])
    #expect(throws: TOONError.self) { try Value(toon: "[1]:\n  - a:\n    b: 1\n    b: 2") }
  }

  @Test(
    "text that is not TOON is refused with the place and the rule",
    arguments: [
      ("a: 1\nb", TOONError.Rule.missingColon, 2, 2), ("a: \"x", .escaping, 1, 6),
      ("a: \"x\"y", .escaping, 1, 7),
      ("é: \"\\x\"", .escaping, 1, 6), ("a: \"\\ud800\"", .escaping, 1, 7), ("a: \"\\u12\"", .escaping, 1, 9),
      ("a: \"\u{1}\"", .escaping, 1, 5), ("a[2]: 1", .count, 1, 1), ("x: 0\na[2]{b}:\n  1", .count, 2, 1),
      ("a[1]{b,c}:\n  1", .rowWidth, 2, 3), ("a: 1\na: 2", .duplicateKey, 2, 1),
      ("a[0]{b,b}:", .duplicateKey, 1, 8),
      ("a[01]: 1", .header, 1, 3), ("a[1]{b|c}:", .header, 1, 7), ("a[1:]:", .header, 1, 6),
      ("a[1", .rootForm, 0, 0),
      ("a[1: x", .header, 1, 5), ("a:\n   b: 1", .indentation, 2, 4), ("a:\n\tb: 1", .indentation, 2, 1),
      ("a:\n    b: 1", .indentation, 2, 5), ("a: 1\n  b: 2", .indentation, 2, 3),
      ("  a: 1", .indentation, 1, 3),
      ("[2]:\n  - 1\n\n  - 2", .blankLine, 3, 1), ("[1]:\n  x", .listItem, 2, 3),
      ("[1]: 1\na: 2", .rootForm, 2, 1),
      ("a[1:]{b}:\n  x", .keyedRow, 2, 4), ("a:\n  [1]: 1", .header, 2, 3),
      ("[1]:\n  - [1]{a}:\n      1", .header, 2, 5),
    ])
  func refused(text: String, rule: TOONError.Rule, line: Int, column: Int) {
    do {
      let value = try Value(toon: text)
      // A line alone without a colon is a text, whatever it looks like.
      #expect(line == 0, "\(text) was read as \(value)")
    } catch {
      #expect((error.rule, error.line, error.column) == (rule, line, column), "\(text): \(error)")
    }
  }

  @Test("an error says what was expected, where, and by which rule")
  func message() {
    do {
      _ = try Value(toon: "a: 1\n  b: 2")
      Issue.record("it was read")
    } catch {
      #expect(
        "\(error)"
          == "line 2, column 3: expected an indentation by 0 spaces at most: the line before opens nothing (indentation, section 12)"
      )
    }
  }

  @Test("bytes that are no UTF-8 are refused wherever they stand")
  func utf8() {
    for bytes: [UInt8] in [
      [0x61, 0x3A, 0x20, 0xFF], Array("# ".utf8) + [0xC0, 0x80],
      Array("a: \"é".utf8) + [0xED, 0xA0, 0x80, 0x22],
      Array("a: 漢".utf8.dropLast()),
    ] {
      for isStrict in [true, false] {
        do {
          let value = try Value(toon: bytes, options: .init(isStrict: isStrict))
          Issue.record("\(bytes) was read as \(value)")
        } catch {
          #expect(error.rule == .utf8)
        }
      }
    }
  }

  @Test("not strictly, counts, widths, blank lines, indentation and repeated keys are let through")
  func lenient() throws {
    func read(_ text: String) throws -> Value { try Value(toon: text, options: .init(isStrict: false)) }
    #expect(try read("a[5]: 1,2") == ["a": [1, 2]])
    #expect(try read("a[2]{b,c}:\n  1\n  1,2,3") == ["a": [["b": 1], ["b": 1, "c": 2]]])
    #expect(
      try read("a[2]{b{x,y},c}:\n  1\n\n  1,2,3") == [
        "a": [["b": ["x": 1]], ["b": ["x": 1, "y": 2], "c": 3]]
      ])
    #expect(try read("a: 1\na: 2") == ["a": 2])
    #expect(try read("a:\n   b: 1") == ["a": ["b": 1]])
    #expect(try read("a:\n      b: 1\n      c: 2\n    lost: 3\nd: 4") == ["a": ["b": 1, "c": 2], "d": 4])
    #expect(try read("a: 1\n  lost: 2\nb: 3") == ["a": 1, "b": 3])
    #expect(try read("[1]: 1\nlost: 2") == [1])
    #expect(try read("a[x]: 1") == ["a[x]": 1])
    #expect(try read("a[0]{b,b}:\n  1,2") == ["a": [["b": 2]]])
  }

  @Test("carriage returns at the ends of lines are no content")
  func carriageReturns() throws {
    #expect(try Value(toon: "a[1]{b}:\r\n  x\r\n\r\nc: \"y\"\r") == ["a": [["b": "x"]], "c": "y"])
  }
}
