import GenAPIValue
import Testing

@testable import GenAPIGateway

@Suite("Arguments")
struct ArgumentTests {
  static let fitting: [(ArgumentSpec, Value)] = [
    (ArgumentSpec(.string), Value.string("x")), (ArgumentSpec(.num), 1.5), (ArgumentSpec(.num), 7),
    (ArgumentSpec(.boolean), false), (ArgumentSpec(.any), ["deep": [["x": nil]]]),
    (ArgumentSpec(.uuid), "123e4567-e89b-12d3-a456-426614174000"),
    (ArgumentSpec(.map), ["k": [1, "x", true]]),
    (ArgumentSpec(.list), [1, "x", true]), (ArgumentSpec(.listString), ["x"]),
    (ArgumentSpec(.listNum), [1, 2.5]),
    (ArgumentSpec(.listUUID), ["123e4567-e89b-12d3-a456-426614174000"]),
    (ArgumentSpec(.listMap), [["k": 1]]),
  ]

  static let unfitting: [(ArgumentSpec, Value)] = [
    (ArgumentSpec(.string), Value.int(1)), (ArgumentSpec(.num), "1"), (ArgumentSpec(.boolean), 0),
    (ArgumentSpec(.uuid), "aaaaaaAaaaaaaaaa"), (ArgumentSpec(.map, maxItems: 5), ["k": ["nested": 1]]),
    (ArgumentSpec(.map, accept: ["k"]), ["k": nil]), (ArgumentSpec(.date), "2025-01-15T10:30:00"),
    (ArgumentSpec(.date), "2025-02-30"), (ArgumentSpec(.datetime), "9999-12-31T23:59:59-01:00"),
    (ArgumentSpec(.list), [[1]]), (ArgumentSpec(.listString), ["x", 1]),
    (ArgumentSpec(.listNum), ["1"]), (ArgumentSpec(.listUUID), ["x"]),
    (ArgumentSpec(.listMap), [1]),
    (ArgumentSpec(.string, maxBytes: 2), "äa"), (ArgumentSpec(.listNum, maxItems: 1), [1, 2]),
    (ArgumentSpec(.listString, maxItemBytes: 1), ["ab"]), (ArgumentSpec(.map, required: ["k"]), .object([:])),
    (ArgumentSpec(.map, accept: ["k"]), ["l": 1]), (ArgumentSpec(.datetime), "2025-01-15T10:30:00"),
    (ArgumentSpec(.datetime), "2025-02-30T10:30:00Z"), (ArgumentSpec(.naiveDatetime), "yesterday"),
    (ArgumentSpec(.string), nil),
  ]

  private func convert(_ spec: ArgumentSpec, _ value: Value?) throws -> [Value] {
    var config = FunctionConfig(service: "s", requestType: "t", function: FunctionReference("M", "f"))
    config.arguments = ["a": spec]
    var args = ValueObject()
    if let value { args["a"] = value }
    return try ArgumentConverter().arguments(
      of: Request(service: "s", requestType: "t", requestID: "1", args: args), for: config)
  }

  @Test(
    "values that fit their type are passed",
    arguments: ArgumentTests.fitting)
  func fits(spec: ArgumentSpec, value: Value) throws {
    #expect(try convert(spec, value) == [value])
  }

  @Test(
    "values that do not fit are refused with the argument's name (W-43, W-52)",
    arguments: ArgumentTests.unfitting)
  func refused(spec: ArgumentSpec, value: Value) {
    do {
      _ = try convert(spec, value)
      Issue.record("accepted \(value)")
    } catch let error as ArgumentError {
      #expect(error.description.contains("\"a\""))
    } catch {
      Issue.record("\(error)")
    }
  }

  @Test("a datetime becomes UTC, Z is an offset (W-27), a naive one keeps its clock")
  func datetimes() throws {
    #expect(try convert(ArgumentSpec(.datetime), "2025-01-15T00:30:00.5+01:00") == ["2025-01-14T23:30:00.5Z"])
    #expect(try convert(ArgumentSpec(.datetime), "2024-02-29T10:30:00Z") == ["2024-02-29T10:30:00Z"])
    #expect(try convert(ArgumentSpec(.naiveDatetime), "2025-01-15T10:30:00+05:30") == ["2025-01-15T10:30:00"])
  }

  @Test("an offset that ends in its colon is none")
  func offsets() throws {
    #expect(try convert(ArgumentSpec(.datetime), "2024-02-29T10:30:00+01") == ["2024-02-29T09:30:00Z"])
    #expect(try convert(ArgumentSpec(.datetime), "2024-02-29T10:30:00+0130") == ["2024-02-29T09:00:00Z"])
    for offset in ["+01:", "+01:3", "+", "+1"] {
      #expect(throws: ArgumentError.self) {
        try convert(ArgumentSpec(.datetime), .string(ByteText("2024-02-29T10:30:00\(offset)")))
      }
    }
  }

  @Test(
    "integers beyond 64 bits are numbers in lists and flat maps, too, unless they have to be whole numbers of 64 bits"
  )
  func wideItems() throws {
    let wide = try Value(json: "123456789012345678901234567890")
    #expect(try convert(ArgumentSpec(.listNum), .array([wide])) == [.array([wide])])
    #expect(try convert(ArgumentSpec(.list), .array([wide])) == [.array([wide])])
    let flat: Value = .object(["k": wide, "l": .array([wide])])
    #expect(try convert(ArgumentSpec(.map, maxItems: 5), flat) == [flat])
    #expect(throws: ArgumentError.self) {
      try convert(ArgumentSpec(.listNum, isWhole: true), .array([wide]))
    }
  }

  @Test("a date is a day, and years before 0 have their sign, as Elixir writes them")
  func dates() throws {
    #expect(try convert(ArgumentSpec(.date), "2024-02-29") == ["2024-02-29"])
    #expect(try convert(ArgumentSpec(.date), "-0044-03-15") == ["-0044-03-15"])
    #expect(try convert(ArgumentSpec(.datetime), "0000-01-01T00:00:00+01:00") == ["-0001-12-31T23:00:00Z"])
    #expect(try convert(ArgumentSpec(.datetime), "-0001-12-31T23:00:00Z") == ["-0001-12-31T23:00:00Z"])
  }

  @Test("a map or a list of maps of which nothing else is said holds any values, bounded in depth and size")
  func nested() throws {
    func object(_ value: Value, depth: Int) -> Value {
      depth == 0 ? value : ["k": object(value, depth: depth - 1)]
    }
    let value: Value = ["a": ["b": [1, nil, ["c": ["d": []]]]], "n": nil]
    #expect(try convert(ArgumentSpec(.map), value) == [value])
    #expect(try convert(ArgumentSpec(.map, allowsNil: true), value) == [value])
    #expect(try convert(ArgumentSpec(.listMap, maxItems: 2), [value]) == [[value]])
    let deepest = object(1, depth: ArgumentLimits.depth)
    #expect(try convert(ArgumentSpec(.map), deepest) == [deepest])
    for bad in [
      object(1, depth: ArgumentLimits.depth + 1),
      ["k": ["l": .string(ByteText(String(repeating: "x", count: 3_001)))]],
      ["k": ["l": .array(Array(repeating: 1, count: 1_001))]],
      ["k": .object(ValueObject(uniqueKeysWithValues: (0...1_000).map { ("\($0)", 1) }))],
    ] as [Value] {
      #expect(throws: ArgumentError.self) { try convert(ArgumentSpec(.map), bad) }
      #expect(throws: ArgumentError.self) { try convert(ArgumentSpec(.listMap), [bad]) }
    }
  }

  @Test("null and absence: default, allowed null, or an error naming the argument")
  func presence() throws {
    #expect(try convert(ArgumentSpec(.num, defaultValue: 4), nil) == [4])
    #expect(try convert(ArgumentSpec(.num, allowsNil: true), nil) == [.null])
    #expect(try convert(ArgumentSpec(.num, allowsNil: true, defaultValue: 4), .some(.null)) == [.null])
    #expect(throws: ArgumentError("missing argument \"a\"")) { try convert(ArgumentSpec(.num), nil) }
  }

  @Test("arguments that are not declared are named")
  func extra() {
    var config = FunctionConfig(service: "s", requestType: "t", function: FunctionReference("M", "f"))
    config.arguments = ["a": ArgumentSpec(.num)]
    let request = Request(service: "s", requestType: "t", requestID: "1", args: ["a": 1, "z": 1, "b": 2])
    #expect(throws: ArgumentError("unknown arguments \"b\", \"z\"")) {
      try ArgumentConverter().arguments(of: request, for: config)
    }
  }

  @Test("the order is the one given, or by name, or one object (W-18)")
  func order() throws {
    var config = FunctionConfig(service: "s", requestType: "t", function: FunctionReference("M", "f"))
    config.arguments = ["b": ArgumentSpec(.num), "a": ArgumentSpec(.num)]
    let request = Request(service: "s", requestType: "t", requestID: "1", args: ["a": 1, "b": 2])
    let converter = ArgumentConverter()
    #expect(try converter.arguments(of: request, for: config) == [1, 2])
    config.argumentOrder = .names(["b", "a"])
    #expect(try converter.arguments(of: request, for: config) == [2, 1])
    config.argumentOrder = .map
    #expect(try converter.arguments(of: request, for: config) == [["a": 1, "b": 2]])
    config.arguments = [:]
    #expect(try converter.arguments(of: request, for: config) == [])
  }

  @Test("a default that does not fit its type is a fault of the config (W-42)")
  func badDefault() {
    var config = FunctionConfig(service: "s", requestType: "t", function: FunctionReference("M", "f"))
    config.arguments = ["a": ArgumentSpec(.num, defaultValue: "x")]
    #expect(config.validate().count == 1)
  }
}
