import GenAPIValue
import TOON
import Testing

@Suite("Bounds of TOON")
struct BoundTests {
  @Test("nesting deeper than the bound is refused, however it is written")
  func depth() throws {
    func nested(_ levels: Int, _ line: (Int) -> String) -> String {
      (0..<levels).map { String(repeating: " ", count: $0) + line($0) }.joined(separator: "\n")
    }
    for line in ["a:", "a[1]:", "- [1]:"] {
      let text = nested(3_000) {
        $0 == 0 && line == "- [1]:" ? "[1]:" : line == "a[1]:" && $0 > 0 ? "- a[1]:" : line
      }
      #expect(throws: TOONError.self, "\(line)") {
        try Value(toon: text, options: .init(indentSize: 1, maxDepth: .max))
      }
    }
    let fields =
      "[0]" + String(repeating: "{a", count: 100_000) + String(repeating: "}", count: 100_000) + ":"
    do {
      _ = try Value(toon: fields)
      Issue.record("it was read")
    } catch {
      #expect(error.rule == .depth)
    }
    #expect(try Value(toon: "a:\n  b:", options: .init(maxDepth: 3)) == ["a": ["b": [:]]])
    #expect(throws: TOONError.self) { try Value(toon: "a:\n  b:", options: .init(maxDepth: 2)) }
    #expect(throws: TOONError.self) { try Value(toon: "[1]{a}:\n  1", options: .init(maxDepth: 1)) }
    #expect(throws: TOONError.self) { try Value(toon: "a: 1", options: .init(maxDepth: 0)) }
  }

  @Test("text longer than the bound is refused")
  func size() throws {
    #expect(try Value(toon: "a: 1", options: .init(maxBytes: 4)) == ["a": 1])
    #expect(throws: TOONError("the text has 4 bytes, more than 3", rule: .size)) {
      try Value(toon: "a: 1", options: .init(maxBytes: 3))
    }
  }

  @Test("a short text cannot hold a table of any size: what rows repeat of a header has a bound")
  func repeated() throws {
    let name = String(repeating: "k", count: 10_000)
    let rows = String(repeating: "\n  1", count: 10_000)
    for text in ["[10000]{\(name)}:\(rows)", "[10000]{a{\(name)}}:\(rows)"] {
      do {
        _ = try Value(toon: text, options: .init(maxRepeatedBytes: 1_000_000))
        Issue.record("it was read")
      } catch {
        #expect(error.rule == .size)
      }
    }
    // Objects without any name to speak of count too.
    let groups = String(repeating: "{a", count: 100) + String(repeating: "}", count: 100)
    #expect(throws: TOONError.self) {
      try Value(toon: "[10000]\(groups):\(rows)", options: .init(maxRepeatedBytes: 1_000_000))
    }
  }

  /// Texts of about `size` bytes that are meant to be slow.
  static func texts(_ size: Int) -> [String] {
    func times(_ text: String, _ count: Int? = nil) -> String {
      String(repeating: text, count: count ?? size / text.utf8.count)
    }
    let names = (0..<size / 16).map { "f\($0)" }.joined(separator: ",")
    let cells = times("1,", size / 16).dropLast()
    return [
      times("\""), times("a: \"\n"), times("\\\""), "a: \"" + times("\\\\") + "\"", times("["),
      "a" + times("[1]") + ": x",
      "[1]" + times("{a"), times("- "), "[1]:\n  - " + times("- "), times("#\n"), times("\n"), times(" \n"),
      times("  "),
      "x[1]: " + times(","), "x[9]: " + times("\"a,"), times("a: 1\n"),
      (0..<size / 8).map { "k\($0): 1" }.joined(separator: "\n"),
      "[\(size / 16)]{\(names)}:\n  \(cells)", "[9]{\(names)}:\n" + times("  1\n"),
      "[9]{a,b}:\n" + times("  1,2\n"),
      "[9:]{a}:\n" + (0..<size / 8).map { "  k\($0): 1" }.joined(separator: "\n"),
      "[9]:\n" + times("  - a: 1\n"),
      "[9]:\n" + times("  - [1]: 1\n"), times("é: "), times("a:b"), "[" + times("1") + "]: 1",
      times("a[1: \n"), "[9]:\n" + times("  - a[\n"), "[9]:\n" + times("  - a[1]{b}\n"), times("a[: 1\n"),
      "[9]{" + times("\"a\",") + ":", "[1]{a}:\n  " + times("\"") + ",", times(" ") + "a: 1",
    ]
  }

  @Test("each byte is looked at a bounded number of times, strictly or not", arguments: [true, false])
  func work(isStrict: Bool) {
    for size in [4_000, 64_000] {
      for text in Self.texts(size) {
        var work = 0
        let bytes = Array(text.utf8)
        let options = TOONReader.Options(isStrict: isStrict, maxRepeatedBytes: 1_000_000)
        _ = bytes.withUnsafeBytes { bytes in
          Result { () throws(TOONError) in try TOONReader.parse(bytes, options: options, work: &work) }
        }
        #expect(work <= 12 * bytes.count + 64, "\(work) looks for \(bytes.count) bytes: \(text.prefix(40))")
        #expect(work >= bytes.count / 8)
      }
    }
  }

  @Test("finding tables looks at each value a bounded number of times")
  func looks() throws {
    func count(_ value: Value) -> Int {
      switch value {
      case .array(let elements): elements.reduce(1) { $0 + count($1) }
      case .object(let object): object.values.reduce(1) { $0 + count($1) }
      default: 1
      }
    }
    // Each is a table but for what lies deepest or comes last.
    let last: Value = ["z": [[1]]]
    var chain = last
    var pairs = last
    var arrays = last
    var wide: Value = ["a": 1]
    for level in 0..<60 {
      chain = ["a": chain, "b": ["a": ["a": 1], "b": 2]]
      arrays = [["a": arrays, "b": 1]]
      wide = ["w": wide, "z": level == 59 ? [[1]] : 1]
      if level < 12 { pairs = ["a": pairs, "b": pairs] }
    }
    let rows: Value = .array((0..<1_000).map { ["a": .int($0), "b": ["c": 1]] } + [["a": 1, "b": nil]])
    for value in [chain, pairs, arrays, wide, rows, .array([wide, wide])] {
      for version in TOONVersion.allCases {
        var writer = TOONWriter(options: .init(version: version))
        try writer.document(value)
        #expect(writer.looks <= 6 * count(value), "\(writer.looks) looks for \(count(value)) values")
      }
    }
  }
}
