import Foundation
import GenAPIValue
import TOMLFile
import TestRandom
import Testing

@Suite("Reading TOML")
struct TOMLTextTests {
  @Test(
    "what is TOML is read, however its lines begin",
    arguments: [
      ("a = [\n  [1, 2],\n[3],\n]", #"{"a":[[1,2],[3]]}"#),
      ("a = [ # comment\n[1], # [x\n# [[\n[[2]]\n]\n", #"{"a":[[1],[[2]]]}"#),
      ("a = [\n[{ b = [\n[]\n] }],\n]", #"{"a":[[{"b":[[]]}]]}"#),
      ("a = [{ b = 1 },\n{ b = \"[\" }]", #"{"a":[{"b":1},{"b":"["}]}"#),
      ("a = \"\"\"\n[#\n[[ =\"\"\"\nb = 1", ##"{"a":"[#\n[[ =","b":1}"##),
      ("a = '''\n[\n'''\n[b]\nc = '[#'", #"{"a":"[\n","b":{"c":"[#"}}"#),
      ("a = \"\"\"x\\\"\"\"\n[#\n\"\"\"\"\"", ##"{"a":"x\"\"\"\n[#\n\"\""}"##),
      ("a = \"\"\"x\\\n  [#\"\"\"", ##"{"a":"x[#"}"##),
      ("# [#\n[ a . 'b' ] # x\n\"]\" = 1\r\n[[c]]\r\n[[ c ]]\r\n", #"{"a":{"b":{"]":1}},"c":[{},{}]}"#),
      ("a.\"b=\".c = '=' # \"\"\"\n[d]", #"{"a":{"b=":{"c":"="}},"d":{}}"#),
      ("d = '1979-05-27'\ne = 1979\nf = -1.5e-3", #"{"d":"1979-05-27","e":1979,"f":-0.0015}"#),
    ])
  func reading(text: String, json: String) throws {
    #expect(try Value(toml: text) == Value(json: json))
  }

  @Test(
    "a date or a time without quotes is refused with its line",
    arguments: [
      "1979-05-27", "1979-05-27 07:32:00Z", "1979-05-27T07:32:00.5+01:00", "07:32:00", "[1979-05-27]",
      "{ a = 07:32:00 }",
    ])
  func dates(text: String) {
    let fault = #expect(throws: TOMLText.Fault.self) { try Value(toml: "a = 1\nb = \(text)\n[c]\n") }
    #expect(fault?.description == "line 2: a date or a time must be text, in quotes")
  }

  @Test(
    "what is there twice is refused with both lines",
    arguments: [
      ("a = 1\n[b]\nc = 1\nc = 2\n", 4, "'c', which is first on line 3"),
      ("[b]\nc = 1\n[d]\n[b]\n", 4, "'b', which is first on line 1"),
      ("[[f]]\nx = 1\n[[f]]\nx = 1\ny = { z = 1, z = 2 }\n", 5, "'z', which is first on line 5"),
      ("a.b = 1\na.b = 2\n", 2, "b', which is first on line 1"),
      ("\"a\" = 1\n\"a\" = 2\n", 2, "existing integer 'a', which is first on line 1"),
      ("node = 'a'\n'node' = 'b'\n", 2, "existing string 'node', which is first on line 1"),
      ("auth.mode = 1\nauth.\"mode\" = 2\n", 2, "'auth.mode', which is first on line 1"),
      (
        "auth = { mode = 1 }\nauth.secret = 2\n", 2,
        "'auth' as dotted key-value pair, which is first on line 1"
      ),
      (
        "functions = []\n[[functions]]\n", 2, "array 'functions' as array-of-tables, which is first on line 1"
      ),
      ("a.b = 1\na.b.c = 1\n", 2, "integer 'a.b' as dotted key-value pair, which is first on line 1"),
      ("[\"a b\"]\n\n['a b']\n", 3, "table '\"a b\"', which is first on line 1"),
      ("[a.b]\n[a]\n\n[a]\n", 4, "table 'a', which is first on line 2"),
      ("a = 1\n[a.b.c]\n", 2, "integer 'a' as table, which is first on line 1"),
      (
        "a = { b = 1 }\n[\"a\".c]\n", 2,
        "cannot insert into existing inline table 'a', which is first on line 1"
      ),
      ("[[f]]\nx.y = 1\n[f.x]\n", 3, "table 'f.x', which is first on line 2"),
      ("x.w = 1\nx.y = { z = 1, z.q = 2 }\n", 2, "cannot redefine existing integer as dotted key-value pair"),
    ])
  func twice(text: String, line: Int, words: String) {
    for read in [{ _ = try TOMLText.table(text) }, { _ = try Value(toml: text) }] as [() throws -> Void] {
      let fault = #expect(throws: TOMLText.Fault.self) { try read() }
      #expect(fault?.line == line && fault?.reason.hasSuffix(words) == true, "\(fault?.description ?? "")")
    }
  }

  @Test(
    "a header without a name is refused with its line, not given to the parser",
    arguments: [
      ("a = 1\n[#", 2), ("[", 1), ("[\n", 1), ("[[\n", 1), ("[=]", 1), ("[[#]]", 1),
      ("a = [\n[1]\n]\n\n  [ \u{300}]", 5), ("a = '''\n'''\n[.a]", 3), ("a = 1 x\n[#", 2), ("a = \"x\n[#", 1),
    ])
  func headers(text: String, line: Int) {
    let fault = #expect(throws: TOMLText.Fault.self) { try TOMLText.table(text) }
    if text != "[" { #expect(fault?.line == line) }
  }

  @Test(
    "a value that is none is refused with its line, not given to the parser",
    arguments: [
      ("a = 1\nb = ,", 2), ("a =\n", 1), ("a = ]", 1), ("a = [1,\n,]", 2), ("a = { b = }", 1),
      ("a = \u{85}", 1),
      ("a = #", 1), ("a = \u{301}", 1), ("a = \0", 1),
    ])
  func values(text: String, line: Int) {
    let fault = #expect(throws: TOMLText.Fault.self) { try TOMLText.table(text) }
    #expect(fault?.line == line)
  }

  @Test(
    "values beyond what anybody writes are refused before the parser, which takes minutes for them, sees one")
  func mostValues() {
    let list = "a = 1\nx = [" + String(repeating: "1,", count: 1_000_000) + "]"
    let fault = #expect(throws: TOMLText.Fault.self) { try TOMLText.table(list) }
    #expect(fault?.line == 2 && fault?.reason == "has more than 100000 values in a list")
    let lists = (0..<11).map { "x\($0) = [" + String(repeating: "''\t,", count: 99_999) + "]" }
    let all = #expect(throws: TOMLText.Fault.self) { try TOMLText.table(lists.joined(separator: "\n")) }
    #expect(all?.line == 11 && all?.reason == "has more than 1000000 values in all")
  }

  @Test("levels beyond what the parser can free are refused")
  func depth() {
    for text in [
      String(repeating: "a.", count: 100_000) + "a = 1", "[" + String(repeating: "a.", count: 100_000) + "a]",
      "a = " + String(repeating: "[", count: 100_000), "a = " + String(repeating: "{a=", count: 100_000),
    ] {
      let fault = #expect(throws: TOMLText.Fault.self) { try TOMLText.table(text) }
      #expect(fault?.reason == "has more than 128 levels")
    }
  }

  @Test(
    "every key has its line: below arrays of tables, within inline tables and lists, behind texts of several lines"
  )
  func lines() {
    let lines = TOMLLines(
      """
      a = [
        [1], # x = 2
        { b = 1,
          c = 2 },
      ]
      text = \"\"\"
      d = 1
      [e]
      \"\"\"
      [[functions]]
      f = 1
      [functions.types]
      g = { h = 1, "i=" = 2 }
      [[functions]]
      "f" = 1
      x.y = 2
      """)
    for (path, line) in [
      ("a", 1), ("a.0", 2), ("a.1.b", 3), ("a.1.c", 4), ("text", 6), ("functions.0", 10),
      ("functions.0.f", 11),
      ("functions.0.types", 12), ("functions.0.types.g.h", 13), ("functions.0.types.g.i=", 13),
      ("functions.1", 14), ("functions.1.f", 15), ("functions.1.x", 16), ("functions.1.x.y", 16),
      ("functions.1.none", 14),
    ] {
      #expect(lines.line(of: path) == line, "\(path)")
    }
    for path in ["d", "e", "x"] { #expect(lines.line(of: path) == nil, "\(path)") }
  }

  @Test("a quoted name with dots in it is no path, and escapes in it are read")
  func quoted() {
    let lines = TOMLLines(
      """
      "a.b" = 1
      [a]
      b = 2
      "c.d".e = 3
      c = 4
      "gr\\u00fc\\U0000006e.\\t" = 5
      'x\\n' = 6
      [["t.0"]]
      z = 1
      [[t]]
      "t.t" = { "u.v" = 1,
        u = 2 }
      """)
    let paths: [([String], Int?)] = [
      (["a.b"], 1), (["a"], 2), (["a", "b"], 3), (["a", "c.d"], 4), (["a", "c.d", "e"], 4), (["a", "c"], 5),
      (["a", "grün.\t"], 6), (["a", "x\\n"], 7), (["t.0"], 8), (["t.0", "0", "z"], 9), (["t"], 10),
      (["t", "0"], 10),
      (["t", "0", "t.t"], 11), (["t", "0", "t.t", "u.v"], 11), (["t", "0", "t.t", "u"], 12), (["c.d"], nil),
      (["a", "none.b"], 2),
    ]
    for (path, line) in paths { #expect(lines.line(of: path) == line, "\(path)") }
    // Parted by dots: levels of their own come first, then what only a name with dots can be.
    for (path, line) in [
      ("a.b", 3), ("a.c.d", 4), ("a.c.d.e", 4), ("t.0.t.t.u.v", 11), ("t.0.t.t.u", 12), ("a.none", 2),
    ] {
      #expect(lines.line(of: path) == line, "\(path)")
    }
  }

  @Test("any text is read or refused with a line; none stops the program", .timeLimit(.minutes(2)))
  func fuzz() {
    var random = SeededRandom(seed: 18)
    let pieces = [
      "[", "[[", "]", "]]", "#", "\"\"\"", "'''", "\"", "'", "=", ".", "\n", "\r\n", "\r", "{", "}", ",", "_",
      " ",
      "\t", "\u{85}", "\u{300}\u{316}", "\u{FEFF}", "1979-05-27", "T07:32:00", "inf", "+nan", "0x", "0b1",
      "1_000",
      "1e400", "9223372036854775808", "\\", "\\u0000", "\0", "\u{7f}", "true", "a", "b.c", "a = 1\n", "[a]\n",
      "[[t]]\n", "x = [\n[1],\n]\n", "y = { z = \"q\" }\n", "s = \"\"\"\n[#\n\"\"\"\n",
    ]
    for _ in 0..<5_000 {
      var text = ""
      for _ in 0..<Int.random(in: 1...14, using: &random) {
        text += pieces.randomElement(using: &random)!
      }
      _ = try? Value(toml: text)
      _ = TOMLLines(text)
    }
  }

  #if os(Linux)
    @Test(
      "a text that was read leaves nothing in memory, a good one and a faulty one, however often it is read")
    func memory() throws {
      func residentBytes() throws -> Int {
        let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")[1]
        return (Int(pages) ?? 0) * 4_096
      }
      let text = (0..<2_000).map {
        "[[functions]]\nservice = \"s\"\nrequest_type = \"t\($0)\"\nmfa = \"A.b\"\narg_types = { a = \"string\" }\n"
      }.joined()
      let faulty = text + "[functions]\n"
      func read() throws {
        _ = try Value(toml: text)
        #expect(throws: TOMLText.Fault.self) { try Value(toml: faulty) }
      }
      try read()
      let before = try residentBytes()
      for _ in 0..<20 { try read() }
      // 30 MB and more when its tables stayed.
      #expect(try residentBytes() - before < 12_000_000)
    }
  #endif

  @Test("a fault has the line of what it names within its field, or of the field")
  func faultLines() {
    let lines = TOMLLines(
      """
      [[functions]]
      mfa = "A.b"
      arg_types.m.type = "num"
      arg_types.m.min = "x"
      [functions.arg_types.n]
      type = "num"

      max = "y"
      """)
    for (reason, line) in [
      ("mfa: names nothing", 2), ("mfa must be", 2), ("arg_types.m: min must be a number", 4),
      ("arg_types.m: other is not known", 3), ("arg_types.n: max must be a number", 8),
      ("arg_types.n must be a table", 5), ("nodes must be a list", 1), ("", 1), (":", 1),
    ] { #expect(lines.line(ofFault: reason, in: "functions.0") == line, "\(reason)") }
    let quoted = TOMLLines(
      """
      [[functions]]
      "a b" = 1
      [functions.arg_types."x.y: z"]
      type = "num"
      "" = 1
      "m\\"n" = 1
      """)
    for (reason, line) in [
      ("\"a b\" is no field", 2), ("arg_types.\"x.y: z\": type must be", 4),
      ("arg_types.\"x.y: z\" must be", 3),
      ("arg_types.\"x.y: z\": \"\" is no option", 5), ("arg_types.\"x.y: z\": \"m\\\"n\" is no option", 6),
      ("arg_types.\"x.y", 3), ("\"", 1),
    ] { #expect(quoted.line(ofFault: reason, in: "functions.0") == line, "\(reason)") }
  }
}
