import GenAPIValue
import TOON
import Testing

@Suite("TOON both ways")
struct RoundTripTests {
  /// Every combination of a writer's options.
  static let options: [TOONWriter.Options] = TOONVersion.allCases.flatMap { version in
    TOONDelimiter.allCases.flatMap { delimiter in
      [1, 2, 4].flatMap { indentSize in
        [TOONKeyOrder.encountered, .sorted].map { order in
          TOONWriter.Options(indentSize: indentSize, delimiter: delimiter, version: version, keyOrder: order)
        }
      }
    }
  }

  @Test("every generated value comes back as it was, with every option", arguments: options)
  func roundTrip(options: TOONWriter.Options) throws {
    var generator = ValueGenerator(seed: 11)
    for _ in 0..<100 {
      let value = generator.value(depth: 4)
      let text = try value.toon(options)
      for isStrict in [true, false] {
        let read = try Value(toon: text, options: .init(indentSize: options.indentSize, isStrict: isStrict))
        #expect(
          read.compared == value.compared, "\(value.json) was written as\n\(text)\nand read as \(read.json)")
      }
      for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
        #expect(!line.utf8.starts(with: [0x23]) && line.utf8.last != 0x20, "\(text)")
      }
    }
  }

  @Test("the order of keys stays, or is that of their bytes")
  func order() throws {
    let value: Value = ["b": 1, "a": ["d": 2, "c": 3], "é": 4, "B": 5]
    #expect(try value.toon() == "b: 1\na:\n  d: 2\n  c: 3\n\"é\": 4\nB: 5")
    #expect(try value.toon(.init(keyOrder: .sorted)) == "B: 5\na:\n  c: 3\n  d: 2\nb: 1\n\"é\": 4")
  }

  @Test("for older readers there are no keyed tables, no groups of fields, and an empty array has a count")
  func older() throws {
    let value: Value = [
      "users": ["ada": ["id": 1], "bob": ["id": 2]], "orders": [["id": 1, "from": ["city": "Oslo"]]],
      "rows": [["a": 1], ["a": 2]], "none": [], "tag": "#x",
    ]
    #expect(
      try value.toon(.init(version: .v3)) == """
        users:
          ada:
            id: 1
          bob:
            id: 2
        orders[1]:
          - id: 1
            from:
              city: Oslo
        rows[2]{a}:
          1
          2
        none[0]:
        tag: "#x"
        """)
    #expect(
      try value.toon(.init(version: .v4)) == """
        users[2:]{id}:
          ada: 1
          bob: 2
        orders[1]{id,from{city}}:
          1,Oslo
        rows[2]{a}:
          1
          2
        none: []
        tag: "#x"
        """)
    #expect(try Value.array([]).toon(.init(version: .v3)) == "[0]:")
    #expect(try Value.array([]).toon() == "[]")
  }

  @Test("bytes are written as Base64, a double that is no number as null")
  func other() throws {
    #expect(try Value.bytes([1, 2, 255]).toon() == "AQL/")
    // Four digits would be a number.
    #expect(try Value.bytes([0xd7, 0x6d, 0xf8]).toon() == "\"1234\"")
    #expect(try Value.array([.double(.nan), .double(.infinity)]).toon() == "[2]: null,null")
  }

  @Test(
    "doubles have no exponent from 1e-6 to below 1e21, and the shortest digits",
    arguments: [
      (1e6, "1000000"), (1e-6, "0.000001"), (1.25e-6, "0.00000125"), (9.99e-7, "9.99e-7"), (1e-7, "1e-7"),
      (1.5, "1.5"),
      (-0.0, "0"), (1e20, "100000000000000000000"), (1e21, "1e+21"), (-1.5e300, "-1.5e+300"),
      (123_456.789e3, "123456789"),
      (9_007_199_254_740_992, "9007199254740992"), (9_007_199_254_740_994, "9007199254740994"),
      (1.2345678901234567e19, "12345678901234567000"),
      (-0.000123, "-0.000123"), (.leastNonzeroMagnitude, "5e-324"), (0.1, "0.1"), (12345.678, "12345.678"),
      (-1e-6, "-0.000001"),
    ])
  func doubles(number: Double, text: String) throws {
    #expect(try Value.double(number).toon() == text)
    #expect(try Value(toon: text).double == number)
  }
}
