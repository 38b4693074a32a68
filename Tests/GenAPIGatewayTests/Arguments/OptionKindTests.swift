import GenAPIValue
import Testing

@testable import GenAPIGateway

@Suite("Options of an argument that are of another kind than they should be")
struct OptionKindTests {
  private func faults(_ type: Value) -> [ByteText] {
    do {
      return try FunctionConfig([
        "service": "s", "request_type": "t", "mfa": "M.f", "arg_types": ["x": type],
      ]).validate()
    } catch {
      return error.faults
    }
  }

  @Test("are refused, each by its name: as nothing they would let everything through")
  func refused() {
    for (option, allowed) in [
      ("required", "a list of names"), ("accept", "a list of names"), ("max_items", "a whole number"),
      ("min", "a number"), ("max", "a number"), ("nested", "true or false"), ("allow_nil", "true or false"),
      ("max_item_bytes", "a whole number"),
    ] as [(ByteText, ByteText)] {
      for value in ["name", ["a", 1], ["a": 1]] as [Value] {
        let found = faults(.object(["type": "map", option: value]))
        #expect(found == ["arg_types.x: \(option) must be \(allowed), not \(value.json)" as ByteText])
      }
    }
    #expect(faults(["type": "map", "required": ["a"], "accept": ["a", "b"]]) == [])
    #expect(faults(["type": "map", "accept": []]) == [])
  }

  @Test("bounds that are nothing, below it, or against each other are refused")
  func bounds() {
    for bound in [0, -1, .int(.min)] as [Value] {
      for (type, option) in [
        ("string", "max_bytes"), ("list", "max_items"), ("list_string", "max_item_bytes"),
        ("map", "max_items"),
        ("any", "max_bytes"),
      ] as [(ByteText, ByteText)] {
        let found = faults(.object(["type": .string(type), option: bound]))
        #expect(found == ["arg_types.x: \(option) must be 1 to 100000000; it is \(bound.json)" as ByteText])
      }
    }
    #expect(faults(["string": 0]) == ["arg_types.x: max_bytes must be 1 to 100000000; it is 0"])
    #expect(
      faults(["type": "list_num", "min": 2, "max": 1]) == [
        "arg_types.x: min must not be above max; they are 2 and 1"
      ])
    #expect(
      faults(["type": "map", "max_items": 1, "required": ["a", "b"]]) == [
        "arg_types.x: required names 2 keys, and max_items is 1"
      ])
    #expect(
      faults(["type": "map", "required": ["a"], "accept": []]) == [
        "arg_types.x: required names keys that accept refuses: [\"a\"]"
      ])
  }
}
