import GenAPIValue
import Testing

@Suite("Codable types as values")
struct CodingTests {
  struct Inner: Codable, Equatable {
    var name: String
    var level: UInt8?
    var anything: Value
  }

  struct Outer: Codable, Equatable {
    enum Kind: String, Codable { case small, large }
    var id: Int64
    var ratio: Double
    var isOpen: Bool
    var kind: Kind
    var inner: [Inner]
    var counts: [String: Int]
    var pairs: [[Int64]]
    var missing: String?
  }

  private let outer = Outer(
    id: 7, ratio: 1, isOpen: true, kind: .large,
    inner: [
      Inner(name: "x", level: 3, anything: ["a": [1, nil]]), Inner(name: "", level: nil, anything: nil),
    ],
    counts: ["a": 1], pairs: [[1, 2], []], missing: nil)

  @Test("a nested type comes back as it was, through a value and through JSON")
  func roundTrip() throws {
    let value = try ValueEncoder().encode(outer)
    #expect(try ValueDecoder().decode(Outer.self, from: value) == outer)
    let again = try Value(json: value.jsonBytes)
    #expect(try ValueDecoder().decode(Outer.self, from: again) == outer)
    #expect(value["missing"] == nil)
    #expect(value["kind"] == "large")
  }

  @Test("an error names the path to the part that does not fit")
  func errors() throws {
    var value = try ValueEncoder().encode(outer)
    guard case .object(var object) = value else { return }
    object["inner"] = [["name": 5, "anything": nil]]
    value = .object(object)
    do {
      _ = try ValueDecoder().decode(Outer.self, from: value)
      Issue.record("decoded")
    } catch DecodingError.typeMismatch(_, let context) {
      #expect(context.codingPath.map(\.stringValue) == ["inner", "0", "name"])
      #expect(context.debugDescription == "expected a string, found number")
    }
  }

  @Test("numbers that do not fit are refused both ways")
  func ranges() {
    #expect(throws: DecodingError.self) { try ValueDecoder().decode(Int64.self, from: Value(json: "9223372036854775808")) }
    #expect(throws: DecodingError.self) { try ValueDecoder().decode(UInt8.self, from: 256) }
    #expect(throws: DecodingError.self) { try ValueDecoder().decode(Int.self, from: 1.5) }
    #expect(throws: DecodingError.self) { try ValueDecoder().decode([Int].self, from: ["a": 1]) }
  }
}
