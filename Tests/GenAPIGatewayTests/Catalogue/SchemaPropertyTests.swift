import GenAPIValue
import TestRandom
import Testing

@testable import GenAPIGateway

@Suite("A schema and the gateway are of one mind")
struct SchemaPropertyTests {
  /// Small, so that values are often at them.
  private static let limits: ArgumentLimits = {
    var limits = ArgumentLimits()
    (limits.stringBytes, limits.listItems, limits.mapItems) = (30, 3, 2)
    return limits
  }()

  @Test(
    "for any declared arguments and any JSON the schema takes exactly what the gateway takes: nulls, defaults, items, numbers, times",
    arguments: 1...60)
  func agree(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    var taken = 0
    for _ in 0..<20 {
      var config = FunctionConfig(service: "s", requestType: "t", function: FunctionReference("M", "f"))
      for name in ["a", "b"] as [ByteText] where name == "a" || Bool.random(using: &random) {
        config.arguments[name] = Self.spec(&random)
      }
      if config.arguments.count > 1 { config.argumentOrder = .names(["a", "b"]) }
      #expect(config.validate() == [], "\(config.arguments)")
      let schema = try #require(config.schema(Self.limits)["arguments"])
      for _ in 0..<6 {
        var args = ValueObject()
        for (name, spec) in config.arguments.sorted(by: { $0.key < $1.key })
        where Int.random(in: 0..<8, using: &random) > 0 {
          args[name] = Self.value(for: spec, &random)
        }
        if Int.random(in: 0..<20, using: &random) == 0 { args["c"] = 1 }
        // As a client sends it: what JSON has no form for is none of its values.
        let json = Value.object(args).json
        let request = Request(
          service: "s", requestType: "t", requestID: "1", args: try Value(json: json).object ?? [:])
        let isTaken = (try? ArgumentConverter(limits: Self.limits).arguments(of: request, for: config)) != nil
        #expect(
          try SchemaValidator(schema).takes(.object(request.args)) == isTaken, "\(json) by \(schema.json)")
        if isTaken { taken += 1 }
      }
    }
    // Neither side says no to everything.
    #expect(taken > 20)
  }

  @Test(
    "a day that no month has is refused by both, and 29 February is taken in leap years alone",
    arguments: [ArgumentType.date, .datetime, .naiveDatetime])
  func calendar(_ type: ArgumentType) throws {
    var config = FunctionConfig(service: "s", requestType: "t", function: FunctionReference("M", "f"))
    config.arguments["a"] = ArgumentSpec(type)
    let schema = try #require(config.schema(Self.limits)["arguments"])
    var taken = 0
    for year in [
      "0000", "0004", "0100", "0400", "1900", "2000", "2023", "2024", "2100", "-0004", "-0100", "-2023",
    ] {
      for month in 0...13 {
        for day in [0, 1, 28, 29, 30, 31, 32] {
          func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
          let time = type == .date ? "" : "T10:00:00" + (type == .datetime ? "Z" : "")
          let value = Value.string(ByteText("\(year)-\(two(month))-\(two(day))\(time)"))
          let request = Request(service: "s", requestType: "t", requestID: "1", args: ["a": value])
          let isTaken =
            (try? ArgumentConverter(limits: Self.limits).arguments(of: request, for: config)) != nil
          #expect(try SchemaValidator(schema).takes(.object(request.args)) == isTaken, "\(value)")
          if isTaken { taken += 1 }
        }
      }
    }
    #expect(taken > 400)
  }

  @Test("what an ordinary function is sent without arguments is passed over, and its schema takes it, too")
  func none() throws {
    let config = FunctionConfig(service: "s", requestType: "t", function: FunctionReference("M", "f"))
    let schema = try #require(config.schema(Self.limits)["arguments"])
    #expect(try SchemaValidator(schema).takes(["x": 1]))
    #expect(schema["$defs"] == nil)
  }

  private static func spec(_ random: inout SeededRandom) -> ArgumentSpec {
    var spec = ArgumentSpec(ArgumentType.allCases.randomElement(using: &random)!)
    func sometimes(_ random: inout SeededRandom) -> Bool { Int.random(in: 0..<3, using: &random) == 0 }
    if spec.type == .string, sometimes(&random) { spec.maxBytes = 3 }
    if spec.type.isList || spec.type == .map, sometimes(&random) { spec.maxItems = 2 }
    if spec.type == .list || spec.type == .listString, sometimes(&random) { spec.maxItemBytes = 2 }
    if spec.type == .num || spec.type == .listNum {
      spec.isWhole = Bool.random(using: &random)
      if sometimes(&random) { spec.min = [-2, 1.5, -1e19].randomElement(using: &random) }
      if sometimes(&random) { spec.max = [2, 7.5, 1e19].randomElement(using: &random) }
    }
    if spec.type == .map, sometimes(&random) {
      spec.required = ["k"]
      if sometimes(&random) { spec.accept = ["k", "l"] }
    }
    if sometimes(&random) { spec.allowsNil = true }
    if sometimes(&random) {
      let value = fitting(spec, &random)
      if (try? ArgumentConverter().convert(value, name: "d", spec: spec)) != nil { spec.defaultValue = value }
    }
    return spec
  }

  private static func value(for spec: ArgumentSpec, _ random: inout SeededRandom) -> Value {
    Int.random(in: 0..<4, using: &random) == 0 ? any(&random, depth: 3) : fitting(spec, &random)
  }

  /// More often than not one that is taken.
  private static func fitting(_ spec: ArgumentSpec, _ random: inout SeededRandom) -> Value {
    func items(_ item: (inout SeededRandom) -> Value) -> Value {
      .array((0..<Int.random(in: 0...3, using: &random)).map { _ in item(&random) })
    }
    switch spec.type {
    case .string: return text(&random)
    case .num: return number(&random)
    case .boolean: return .bool(Bool.random(using: &random))
    case .datetime, .naiveDatetime, .date: return time(spec.type, &random)
    case .uuid: return uuid(&random)
    case .any: return any(&random, depth: 2)
    case .map: return map(&random) { any(&$0, depth: 2) }
    case .list:
      return items {
        [text(&$0), number(&$0), .bool(true), any(&$0, depth: 1)].randomElement(using: &$0)!
      }
    case .listString: return items(text)
    case .listNum: return items(number)
    case .listUUID: return items(uuid)
    case .listMap: return items { random in map(&random) { any(&$0, depth: 2) } }
    }
  }

  private static func map(_ random: inout SeededRandom, _ value: (inout SeededRandom) -> Value) -> Value {
    var object = ValueObject()
    for key in ["k", "l", "m"] as [ByteText] where Bool.random(using: &random) {
      object[key] = value(&random)
    }
    return .object(object)
  }

  private static func any(_ random: inout SeededRandom, depth: Int) -> Value {
    switch Int.random(in: 0..<(depth > 0 ? 8 : 5), using: &random) {
    case 0: .null
    case 1: .bool(Bool.random(using: &random))
    case 2: number(&random)
    case 3: text(&random)
    case 4: time([.datetime, .naiveDatetime, .date].randomElement(using: &random)!, &random)
    case 5: .array((0..<Int.random(in: 0...4, using: &random)).map { _ in any(&random, depth: depth - 1) })
    default: map(&random) { any(&$0, depth: depth - 1) }
    }
  }

  private static func number(_ random: inout SeededRandom) -> Value {
    let odd: [Value] = [
      .int(.max), .int(.min), 1.5, 2, 7.5, 7.0, -0.0, 1e19, -1e19, 0x1p63, -0x1p63, 1e-300, 1e300,
      (try? Value(json: "9223372036854775808")) ?? 0, (try? Value(json: "-9223372036854775809")) ?? 0,
      (try? Value(json: "123456789012345678901234567890")) ?? 0,
    ]
    return Bool.random(using: &random)
      ? .int(Int64.random(in: -5...5, using: &random)) : odd.randomElement(using: &random)!
  }

  /// ASCII: a schema counts characters.
  private static func text(_ random: inout SeededRandom) -> Value {
    let count = [0, 1, 2, 3, 4, 29, 30, 31].randomElement(using: &random)!
    return .string(ByteText(String(repeating: "x", count: count)))
  }

  private static func uuid(_ random: inout SeededRandom) -> Value {
    [
      "123e4567-e89b-12d3-a456-426614174000", "123E4567-E89B-12D3-A456-42661417400F",
      "123e4567e89b12d3a456426614174000", "123e4567-e89b-12d3-a456-42661417400",
      "g23e4567-e89b-12d3-a456-426614174000",
      "123e4567-e89b-12d3-a4564-26614174000", "{123e4567-e89b-12d3-a456-426614174000}",
    ].randomElement(using: &random)!
  }

  /// Days that some months have, every month or none, in years of all kinds.
  private static func time(_ type: ArgumentType, _ random: inout SeededRandom) -> Value {
    func pick(_ choices: [String]) -> String { choices.randomElement(using: &random)! }
    // Mostly right: one that is wrong in two places shows nothing.
    func mostly(_ right: [String], _ wrong: [String]) -> String {
      Int.random(in: 0..<8, using: &random) == 0 ? pick(wrong) : pick(right)
    }
    var text = mostly(
      ["2026", "0001", "-0044", "1999", "0000", "1900", "2000", "2024"],
      ["26", "20261", "+2026", "", "--2026"])
    text += "-" + mostly(["01", "02", "04", "09", "10", "12"], ["00", "13", "1", "20"])
    text += "-" + mostly(["01", "10", "19", "20", "28", "29", "30", "31"], ["00", "32", "40", "1", "280"])
    if type == .date { return .string(ByteText(text + mostly([""], ["T", "Z", " ", "T10:00:00Z"]))) }
    text += mostly(["T", "t", " "], ["_", "", "TT"])
    text +=
      mostly(["00", "09", "19", "23"], ["24", "30", "9"]) + ":" + mostly(["00", "59"], ["60", "5", "5:"])
    text += ":" + mostly(["00", "59", "30"], ["60", "61", "6", ""])
    text += mostly(["", ".5", ",123456789"], [".", ",", ".1234567890", ":5"])
    let offsets = ["Z", "z", "+01", "-0130", "+23:59", "-00:00"]
    let wrong = ["+24", "+01:", "+01:6", "+0160", "+1", "+", "Zz", "UTC", "+01:000"]
    text += mostly(
      type == .datetime ? offsets : offsets + ["", "", ""], type == .datetime ? wrong + [""] : wrong)
    return .string(ByteText(text))
  }
}
