import GenAPIValue
import TOON
import Testing

/// Cases of our own, from the specification's rules.
@Suite("Writing TOON")
struct WritingTests {
  @Test(
    "a text that would be read as something else stands in quotes",
    arguments: [
      "", "true", "false", "null", "0", "42", "-7", "-3.14", "+1", "05", "-05", "1e-6", "1E+6", "2.50", " a",
      "a ", "\ta",
      "a\t", "-", "- a", "-x", "#", "#a", "a:b", "a\"b", "a\\b", "a[b", "a]b", "a{b", "a}b", "[]", "{}",
      "a\nb", "a\rb",
      "a\u{0}b", "a\u{1f}b", "a,b",
    ])
  func quoted(text: String) throws {
    let value: Value = ["k": .string(.init(text)), "list": [.string(.init(text))]]
    let written = try value.toon()
    #expect(written.hasPrefix("k: \"") && written.contains("list[1]: \""), "\(written)")
    #expect(try Value(toon: written) == value)
  }

  @Test(
    "any other text stands as it is",
    arguments: [
      "a", "a b", "True", "NULL", ".5", "1.", "0x10", "1_000", "1 2", "Infinity", "NaN", "a#", "a-b", "é",
      "\u{a0}a\u{a0}",
      "漢字 🚀", "a|b", "it's", "<tag>", "(x)", "\u{7f}", "\u{2028}", "e5", "1e", "+", "+a", "truely", "1-2",
      "—",
    ])
  func bare(text: String) throws {
    let value: Value = ["k": .string(.init(text))]
    #expect(try value.toon() == "k: \(text)")
    #expect(try Value(toon: "k: \(text)") == value)
  }

  @Test("only the document's own delimiter needs quotes")
  func delimiters() throws {
    let value: Value = ["a": "1,2", "b": ["x|y", "p,q"], "c": [["d": "r\ts"]]]
    #expect(
      try value.toon(.init(delimiter: .comma)) == "a: \"1,2\"\nb[2]: x|y,\"p,q\"\nc[1]{d}:\n  \"r\\ts\"")
    #expect(try value.toon(.init(delimiter: .pipe)) == "a: 1,2\nb[2|]: \"x|y\"|p,q\nc[1|]{d}:\n  \"r\\ts\"")
    #expect(try value.toon(.init(delimiter: .tab)) == "a: 1,2\nb[2\t]: x|y\tp,q\nc[1\t]{d}:\n  \"r\\ts\"")
  }

  @Test("a key has quotes unless it is letters, digits, _ and ., and begins with no digit and no point")
  func keys() throws {
    let value: Value = [
      "a.b_2": 1, "": 2, "a-b": 3, "2a": 4, ".a": 5, "é": 6, "a b": 7, "#a": 8, "a\"b": 9, "true": 10,
    ]
    #expect(
      try value.toon() == """
        a.b_2: 1
        "": 2
        "a-b": 3
        "2a": 4
        ".a": 5
        "é": 6
        "a b": 7
        "#a": 8
        "a\\"b": 9
        true: 10
        """)
  }

  @Test("one null among objects, an empty object, an array or another key makes no table")
  func noTables() throws {
    #expect(try Value.array([["a": 1], nil]).toon() == "[2]:\n  - a: 1\n  - null")
    #expect(try Value.array([["a": 1], [:]]).toon() == "[2]:\n  - a: 1\n  -")
    #expect(try Value.array([["a": 1], ["a": []]]).toon() == "[2]:\n  - a: 1\n  - a: []")
    #expect(try Value.array([["a": 1], ["b": 1]]).toon() == "[2]:\n  - a: 1\n  - b: 1")
    #expect(try Value.array([["a": ["b": 1]], ["a": nil]]).toon() == "[2]:\n  - a:\n      b: 1\n  - a: null")
    #expect(try Value.array([["a": ["b": 1]], ["a": [:]]]).toon() == "[2]:\n  - a:\n      b: 1\n  - a:")
    #expect(try Value.object(["x": ["a": 1], "y": 1]).toon() == "x:\n  a: 1\ny: 1")
    #expect(try Value.object(["x": ["a": 1]]).toon() == "x:\n  a: 1")
  }

  @Test("rows follow the order of the first object's keys, at every level")
  func order() throws {
    let value: Value = [["a": 1, "b": ["x": 2, "y": 3]], ["b": ["y": 6, "x": 5], "a": 4]]
    #expect(try value.toon() == "[2]{a,b{x,y}}:\n  1,2,3\n  4,5,6")
  }

  @Test("a list's item puts its first field on its line, and that field's content two levels deeper")
  func items() throws {
    let value: Value = [
      "list": [["t": [["a": 1]], "s": 2], [[], [1, "x"], [["a": 1]]], ["o": ["p": ["q": 1]]], [:], "- x"]
    ]
    let text = """
      list[5]:
        - t[1]{a}:
            1
          s: 2
        - [3]:
          - [0]:
          - [2]: 1,x
          - [1]:
            - a: 1
        - o:
            p:
              q: 1
        -
        - "- x"
      """
    #expect(try value.toon() == text)
    #expect(try Value(toon: text) == value)
  }

  @Test("the root may be anything, and an empty object is an empty text")
  func roots() throws {
    for (value, text): (Value, String) in [
      ([:], ""), ([], "[]"), ("a", "a"), ("", "\"\""), (1, "1"), (nil, "null"), ([1, 2], "[2]: 1,2"),
      (["a": [:]], "a:"), (["a": []], "a: []"), ([[]], "[1]:\n  - [0]:"),
    ] {
      #expect(try value.toon() == text)
      #expect(try Value(toon: text) == value)
    }
  }

  @Test("a value that nests deeper than the bound is refused, not written")
  func depth() throws {
    var deep: Value = 1
    for _ in 0..<200 { deep = ["a": deep] }
    #expect(try Value(toon: deep.toon(), options: .init(maxDepth: 200)) == deep)
    deep = ["a": deep]
    #expect(throws: TOONError("the value nests deeper than 200 levels", rule: .depth)) { try deep.toon() }
    for version in TOONVersion.allCases {
      let options = TOONWriter.Options(version: version, maxDepth: 2)
      #expect(throws: TOONError.self) { try Value.array([["a": ["b": 1]]]).toon(options) }
      #expect(throws: TOONError.self) {
        try Value.object(["x": ["y": ["z": 1]], "v": ["y": ["z": 1]]]).toon(options)
      }
      #expect(try Value.array([["a": 1]]).toon(options) == "[1]{a}:\n  1")
      #expect(throws: TOONError.self) {
        try Value.array([["a": 1]]).toon(.init(version: version, maxDepth: 1))
      }
      #expect(throws: TOONError.self) {
        try Value.array([["a": 1]]).toon(.init(keyOrder: .sorted, maxDepth: 1))
      }
    }
  }
}
