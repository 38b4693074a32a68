import GenAPITesting
import GenAPIValue
import TestRandom
import Testing

@testable import GenAPIGateway

@Suite("Bounds of numbers")
struct NumberBoundTests {
  private func refusal(_ spec: ArgumentSpec, _ value: Value) -> String? {
    do {
      _ = try ArgumentConverter().convert(value, name: "n", spec: spec)
      return nil
    } catch {
      return error.description
    }
  }

  @Test(
    "a number out of its bounds is refused with the argument's name and the bounds; the bounds themselves are taken"
  )
  func bounds() {
    let both = ArgumentSpec(.num, min: 1, max: 100)
    for value in [1, 100, 1.5, 100.0] as [Value] { #expect(refusal(both, value) == nil, "\(value)") }
    for value in [0, 101, .int(.min), .int(.max), 0.999, 100.001, .double(.nan), .double(.infinity)]
      as [Value]
    {
      #expect(refusal(both, value) == "argument \"n\" must be 1 to 100", "\(value)")
    }
    #expect(refusal(ArgumentSpec(.num, min: 0.5), 0) == "argument \"n\" must be at least 0.5")
    #expect(refusal(ArgumentSpec(.num, max: -1), 0) == "argument \"n\" must be at most -1")
    let list = ArgumentSpec(.listNum, min: 0, max: 9)
    #expect(refusal(list, [0, 9.0]) == nil)
    #expect(refusal(list, [0, -1]) == "item 1 of argument \"n\" must be 0 to 9")
  }

  @Test("numbers are compared exactly, whatever their kinds", arguments: 1...40)
  func exact(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let edges: [Int64] = [.min, .min + 1, -(1 << 53) - 1, -1, 0, 1, 1 << 53, (1 << 53) + 1, .max - 1, .max]
    for _ in 0..<50 {
      let bound = edges.randomElement(using: &random)!
      let value =
        Bool.random(using: &random)
        ? edges.randomElement(using: &random)! : .random(in: .min ... .max, using: &random)
      #expect(NumberRange(least: .int(bound)).contains(.int(value)) == (value >= bound))
      #expect(NumberRange(most: .int(bound)).contains(.int(value)) == (value <= bound))
      // Halves are exact in a double of this size.
      let half = Double(Int64.random(in: -(1 << 50)...(1 << 50), using: &random)) + 0.5
      let whole = Int64(half.rounded(.down))
      #expect(NumberRange(least: .double(half)).contains(.int(whole)) == false)
      #expect(NumberRange(least: .double(half)).contains(.int(whole + 1)))
      #expect(NumberRange(most: .int(whole)).contains(.double(half)) == false)
      #expect(NumberRange(least: .int(whole)).contains(.double(half)))
    }
    let wide = Value.wideInteger(try #require(WideInteger("9223372036854775808")))
    #expect(!NumberRange(most: .int(.max)).contains(wide))
    #expect(NumberRange(least: .int(.max)).contains(wide))
    #expect(!NumberRange(most: .int(.max)).contains(0x1p63))
    #expect(NumberRange(least: .int(.min)).contains(-0x1p63))
    #expect(!NumberRange(least: .int(.min)).contains(-0x1p64))
  }

  @Test("bounds that make no sense are faults of the declaration")
  func faults() {
    #expect(ArgumentSpec(.num, min: 5, max: 1).validate() == ["min must not be above max; they are 5 and 1"])
    #expect(
      ArgumentSpec(.string, min: 5).validate() == [
        "min is for num, list_num, map and decimal numbers, not for string"
      ])
    #expect(ArgumentSpec(.num, max: "9").validate() == ["max must be a finite number, not \"9\""])
    #expect(ArgumentSpec(.num, min: .double(.infinity)).validate().count == 1)
    // No value passes the one and the other.
    for (spec, text) in [
      (ArgumentSpec(.num, min: 1.2, max: 1.8, isWhole: true), "1.2 to 1.8"),
      (ArgumentSpec(.listNum, min: -0.8, max: -0.2, isWhole: true), "-0.8 to -0.2"),
      (ArgumentSpec(.num, min: 1e300, isWhole: true), "at least 1e+300"),
      (ArgumentSpec(.num, max: -1e19, isWhole: true), "at most -1e+19"),
    ] {
      #expect(spec.validate() == ["whole leaves no number of 64 bits that is \(text)"], "\(spec)")
    }
    #expect(ArgumentSpec(.num, min: 1.2, max: 2, isWhole: true).validate() == [])
    #expect(ArgumentSpec(.num, min: -0.8, max: 0.2, isWhole: true).validate() == [])
    #expect(
      ArgumentSpec(.map, maxItems: 1, required: ["a", "b"]).validate()
        == ["required names 2 keys, and max_items is 1"])
    let outside = ArgumentSpec(.num, min: 1, max: 10, defaultValue: 20).validate()
    #expect(outside == ["default_value does not fit the type: argument \"default_value\" must be 1 to 10"])
  }

  @Test("a config has them as it is written, and refuses those that are no numbers")
  func config() throws {
    let written: Value = [
      "service": "s", "request_type": "t", "mfa": "M.f",
      "arg_types": ["n": ["type": "num", "min": 1, "max": 9.5, "whole": true]],
    ]
    let config = try FunctionConfig(written)
    #expect(config.arguments["n"] == ArgumentSpec(.num, min: 1, max: 9.5, isWhole: true))
    #expect(try FunctionConfig(config.value) == config)
    var wrong = try #require(written.object)
    wrong["arg_types"] = ["n": ["type": "num", "min": "one"]]
    let error = #expect(throws: ConfigFaults.self) { try FunctionConfig(.object(wrong)) }
    #expect(error?.faults == ["arg_types.n: min must be a number, not \"one\""])
    // A service's config says of a text what nobody knows: it is taken without.
    var unknown: [ByteText]? = []
    #expect(try ArgumentSpec(["type": "string", "max": 3], unknown: &unknown) == ArgumentSpec(.string))
    #expect(unknown == ["max"])
  }

  @Test(
    "an integer of any size is a number, alone and in a list, a map or a list of a map; whole takes 64 bits")
  func wideIntegers() throws {
    let wide = Value.wideInteger(try #require(WideInteger("123456789012345678901234567890")))
    #expect(refusal(ArgumentSpec(.num), wide) == nil)
    for list in [ArgumentSpec(.listNum), ArgumentSpec(.list), ArgumentSpec(.listNum, min: 5)] {
      #expect(refusal(list, [7, wide]) == nil, "\(list.type)")
    }
    #expect(refusal(ArgumentSpec(.map, maxItems: 5), ["a": wide, "b": [wide]]) == nil)
    #expect(refusal(ArgumentSpec(.listNum, max: 5), [wide]) == "item 0 of argument \"n\" must be at most 5")
    #expect(
      refusal(ArgumentSpec(.listNum, isWhole: true), [1, wide])
        == "item 1 of argument \"n\" must be a whole number of 64 bits")
    #expect(
      refusal(ArgumentSpec(.listNum), [[1]]) == "item 0 of argument \"n\" must be a number, not an array")
    #expect(refusal(ArgumentSpec(.string), [:]) == "argument \"n\" must be a string, not an object")
  }

  @Test(
    "an option that a type has not is one fault of a file's config and no part of a service's, whichever it is"
  )
  func idleOptions() throws {
    for (type, option, value, types) in [
      ("date", "min", "2026-01-01", "num, list_num, map and decimal numbers"),
      ("string", "max", 5, "num, list_num, map and decimal numbers"),
      ("string", "whole", true, "num and list_num"), ("num", "max_bytes", "x", "string and any"),
      ("boolean", "max_items", 5, "lists, map and any"),
      ("num", "max_item_bytes", 5, "list, list_string, list_map, map and any"),
      ("list", "required", ["a"], "map"), ("any", "accept", ["a"], "map"),
    ] as [(ByteText, ByteText, Value, ByteText)] {
      let written: Value = ["type": .string(type), option: value]
      var faults: [ByteText]?
      let error = #expect(throws: ConfigFaults.self) { try ArgumentSpec(written, unknown: &faults) }
      #expect(error?.faults == ["\(option) is for \(types), not for \(type)"])
      var unknown: [ByteText]? = []
      let spec = try ArgumentSpec(written, unknown: &unknown)
      #expect(unknown == [option] && spec == ArgumentSpec(spec.type) && spec.validate().isEmpty)
    }
    // What says nothing is nothing.
    var faults: [ByteText]?
    #expect(
      try ArgumentSpec(["type": "string", "min": nil, "whole": false, "required": []], unknown: &faults)
        == ArgumentSpec(.string))
    // The hint names what this type has.
    let error = #expect(throws: ConfigFaults.self) {
      try ArgumentSpec(["type": "string", "max_byte": 5], unknown: &faults)
    }
    #expect(
      error?.faults == ["\"max_byte\" is no option; allowed: allow_nil, default_value, max_bytes, type"])
  }

  @Test("the example of a bounded number is within its bounds")
  func example() throws {
    let ranges: [(NumberRange, Bool, Value)] = [
      (NumberRange(least: 1, most: 9), true, 1), (NumberRange(least: -9, most: -2), true, -2),
      (NumberRange(least: 0.5), true, 1), (NumberRange(most: -0.5), true, -1),
      (NumberRange(most: 5), false, 0),
      (NumberRange(least: 0.5), false, 0.5),
    ]
    for (range, isWhole, expected) in ranges {
      #expect(range.nearestToZero(isWhole: isWhole) == expected, "\(range)")
      #expect(range.contains(range.nearestToZero(isWhole: isWhole)))
    }
  }

  private struct Order: Codable, Sendable {
    var item: String
    var amount: Int
    var note: String?
  }

  @Test(
    "an endpoint's arguments state them by literals, variables and doubles; the function does not run beyond them"
  )
  func endpoints() async throws {
    let gateway = try GatewayFixture().gateway
    let most: Int64 = 5
    try gateway.register(
      ServiceEndpoints("svc") {
        Endpoint("repeat", Argument("count", Int.self, min: 1, max: most)) { count in (1...count).map { $0 } }
        Endpoint("share", Argument("part", Double?.self, min: 0, max: 0.5)) { part in part ?? 0 }
        Endpoint("wait", Argument("for", Duration.self, max: Duration.seconds(2))) { duration in "\(duration)"
        }
        Endpoint("small", Argument("n", UInt8.self, min: 1)) { n in 255 / n }
        try Endpoint(
          "order", taking: Order.self, Argument("amount", Int.self, min: 1, max: 1_000, default: 7),
          Argument("note", String.self, maxBytes: 3)
        ) { order in "\(order.amount * 100) \(order.note ?? "-")" }
      })
    func ask(_ type: ByteText, _ args: ValueObject) async -> Response {
      await gateway.response("svc", type, args)
    }
    #expect(await ask("repeat", ["count": 3]).result == [1, 2, 3])
    #expect(await ask("repeat", ["count": -1]).error == "Invalid argument: argument \"count\" must be 1 to 5")
    #expect(await ask("share", ["part": 0.6]).error == "Invalid argument: argument \"part\" must be 0 to 0.5")
    #expect(await ask("share", [:]).result == 0.0)
    #expect(
      await ask("wait", ["for": 2_001]).error == "Invalid argument: argument \"for\" must be at most 2000")
    #expect(await ask("small", ["n": 0]).error == "Invalid argument: argument \"n\" must be 1 to 255")
    #expect(await ask("order", ["item": "tea", "amount": 3]).result == "300 -")
    #expect(await ask("order", ["item": "tea"]).result == "700 -")
    #expect(
      await ask("order", ["item": "tea", "amount": .int(.max)]).error
        == "Invalid argument: argument \"amount\" must be 1 to 1000")
    #expect(
      await ask("order", ["item": "tea", "note": "long"]).error
        == "Invalid argument: argument \"note\" is longer than 3 bytes")
  }

  @Test("bounds of a field that a type lacks, or has as another type, are told with the fields that it has")
  func fields() {
    func fault<Bounded: Codable>(_ argument: Argument<Bounded>) -> String? {
      do throws(EndpointError) {
        _ = try Endpoint("order", taking: Order.self, argument) { order in order.amount }
        return nil
      } catch {
        return error.description
      }
    }
    #expect(
      fault(Argument("count", Int.self, max: 5))
        == "order: Order has no field \"count\" to state bounds of; it has item, amount, note")
    #expect(
      fault(Argument("amount", String.self, maxBytes: 5))
        == "order: the field \"amount\" is a num, and its bounds are of a string")
    #expect(fault(Argument("note", String?.self, maxBytes: 5)) == nil)
  }

  @Test("nil as a default is none, written out or in a variable; an optional argument may still be left out")
  func defaultNil() async throws {
    let gateway = try GatewayFixture().gateway
    let nothing: Int? = nil
    try gateway.register(
      ServiceEndpoints("svc") {
        Endpoint("required", Argument("n", Int.self, default: nil)) { n in n }
        Endpoint("written", Argument("n", Int?.self, default: nil)) { n in n ?? -1 }
        Endpoint("variable", Argument("n", Int?.self, default: nothing)) { n in n ?? -1 }
      })
    #expect(await gateway.response("svc", "required").error == "Invalid argument: missing argument \"n\"")
    for type in ["written", "variable"] as [ByteText] {
      #expect(try gateway.configs.get("svc", type).arguments["n"]?.defaultValue == nil)
      #expect(await gateway.response("svc", type).result == -1)
      #expect(await gateway.response("svc", type, ["n": nil]).result == -1)
      #expect(await gateway.response("svc", type, ["n": 4]).result == 4)
    }
  }
}
