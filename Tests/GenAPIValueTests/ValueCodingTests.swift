import Foundation
import GenAPIValue
import Testing

@Suite("Types whose own Codable form is made for Swift alone")
struct ValueCodingTests {
  private struct Everything: Codable, Equatable {
    var date: Date
    var url: URL
    var data: Data
    var price: Decimal
    var wait: Duration
    var id: UUID
    var dates: [Date]
    var named: [String: URL]
    var maybe: Date?
  }

  private func everything() throws -> Everything {
    Everything(
      date: Date(timeIntervalSince1970: 1_736_933_400.5),
      url: try #require(URL(string: "https://example.com/a?b=c")),
      data: Data([1, 2, 255]), price: try #require(Decimal(string: "12345678901234567890.55")),
      wait: .milliseconds(1_500),
      id: try #require(UUID(uuidString: "123E4567-E89B-12D3-A456-426614174000")),
      dates: [Date(timeIntervalSince1970: 0), Date(timeIntervalSince1970: -0.25)],
      named: ["home": try #require(URL(string: "http://localhost/"))], maybe: nil)
  }

  @Test(
    "dates are ISO 8601, URLs and decimal numbers text, data bytes that JSON has as Base64, durations milliseconds"
  )
  func written() throws {
    let value = try ValueEncoder().encode(everything())
    #expect(value["date"] == "2025-01-15T09:30:00.5Z")
    #expect(value["url"] == "https://example.com/a?b=c")
    #expect(value["data"] == .bytes([1, 2, 255]))
    #expect(value["price"] == "12345678901234567890.55")
    #expect(value["wait"] == 1_500)
    #expect(value["id"] == "123E4567-E89B-12D3-A456-426614174000")
    #expect(value["dates"] == ["1970-01-01T00:00:00Z", "1969-12-31T23:59:59.75Z"])
    #expect(value["named"] == ["home": "http://localhost/"])
    #expect(value.json.contains("\"data\":\"AQL/\""))
  }

  @Test(
    "they come back as they were, through a value and through JSON, in every form",
    arguments: [
      ValueCoding(), ValueCoding(dates: .secondsSince1970, durations: .seconds),
      ValueCoding(dates: .millisecondsSince1970),
    ])
  func roundTrip(_ coding: ValueCoding) throws {
    let everything = try everything()
    let value = try ValueEncoder(coding: coding).encode(everything)
    let decoder = ValueDecoder(coding: coding)
    #expect(try decoder.decode(Everything.self, from: value) == everything)
    #expect(try decoder.decode(Everything.self, from: Value(json: value.jsonBytes)) == everything)
  }

  @Test(
    "a number that JSON has no form for is null there, and zeros at the end of a decimal number are not kept")
  func unwritable() throws {
    let encoded = try ValueEncoder().encode(["a": [Double.nan, .infinity, -.infinity, 1]])
    #expect(encoded.json == #"{"a":[null,null,null,1.0]}"#)
    #expect(try ValueEncoder().encode(Decimal(string: "12.50")) == "12.5")
  }

  @Test("numbers stand for dates, durations and decimals where that is said")
  func forms() throws {
    let coding = ValueCoding(dates: .millisecondsSince1970, decimals: .number, durations: .seconds)
    let encoder = ValueEncoder(coding: coding)
    #expect(try encoder.encode(Date(timeIntervalSince1970: 1.5)) == 1_500)
    #expect(try encoder.encode(Decimal(string: "12.5")) == 12.5)
    #expect(try encoder.encode(Duration.milliseconds(1_500)) == 1.5)
    #expect(try ValueDecoder(coding: coding).decode(Decimal.self, from: 12.5) == Decimal(string: "12.5"))
    // Text is a date however numbers are read.
    #expect(
      try ValueDecoder(coding: coding).decode(Date.self, from: "1970-01-01T01:00:00+01:00")
        == Date(timeIntervalSince1970: 0))
  }

  @Test("what is none is refused, and the error says what it must be")
  func refused() {
    func message<T: Decodable>(_ type: T.Type, _ value: Value) -> String? {
      do {
        _ = try ValueDecoder().decode([T].self, from: [value])
        return nil
      } catch DecodingError.dataCorrupted(let context), DecodingError.typeMismatch(_, let context) {
        return context.codingPath.map(\.stringValue) == ["0"] ? context.debugDescription : "no path"
      } catch {
        return "\(error)"
      }
    }
    #expect(message(Date.self, "tomorrow") == "it must be an ISO 8601 date and time with an offset or Z")
    #expect(
      message(Date.self, "2025-01-15T09:30:00") == "it must be an ISO 8601 date and time with an offset or Z")
    #expect(message(Date.self, 7)?.contains("expected an ISO 8601 date and time") == true)
    #expect(message(URL.self, "") == "it must be a URL")
    #expect(message(Data.self, "%%%") == "it must be bytes in Base64")
    #expect(message(Decimal.self, "12ab") == "it must be a decimal number")
    #expect(message(Decimal.self, "") == "it must be a decimal number")
    #expect(message(Duration.self, 1e300) == "it must be a shorter time")
    #expect(message(Duration.self, "1 s")?.contains("expected a number") == true)
  }

  @Test("a date that no text of ISO 8601 has is refused")
  func farDate() {
    #expect(throws: EncodingError.self) { try ValueEncoder().encode(Date(timeIntervalSince1970: 1e15)) }
    #expect(throws: EncodingError.self) { try ValueEncoder().encode(Date(timeIntervalSince1970: .nan)) }
  }

  private enum Color: String, Codable, CaseIterable { case red, green }
  private struct Even: Codable {
    struct Odd: Error {}
    let number: Int
    init(from decoder: any Decoder) throws {
      number = try decoder.singleValueContainer().decode(Int.self)
      guard number % 2 == 0 else { throw Odd() }
    }
  }

  @Test("an enumeration's error names its values; what an initialiser throws has its place")
  func places() {
    #expect {
      try ValueDecoder().decode([String: Color].self, from: ["a": "blue"])
    } throws: { error in
      guard case DecodingError.dataCorrupted(let context) = error else { return false }
      return context.codingPath.map(\.stringValue) == ["a"]
        && context.debugDescription == "it must be one of red, green"
    }
    #expect {
      try ValueDecoder().decode([String: [Even]].self, from: ["a": [2, 3]])
    } throws: { error in
      guard case DecodingError.dataCorrupted(let context) = error else { return false }
      return context.codingPath.map(\.stringValue) == ["a", "1"] && context.underlyingError is Even.Odd
        && context.debugDescription == "it is not valid"
    }
  }

  @Test("a literal with interpolation is a value")
  func interpolation() {
    let name = "Ada"
    let value: Value = ["greeting": "hello \(name)", "count": 2]
    #expect(value["greeting"] == .string("hello Ada"))
  }

  @Test(
    "numbers of 128 bits, and the longest durations, come back as they were; a Decimal that is no number is null"
  )
  func wide() throws {
    struct All: Codable, Equatable {
      var n: Int128
      var m: UInt128?
      var list: [Int128]
      var map: [String: UInt128]
    }
    let all = All(n: .min, m: .max, list: [.max, 0], map: ["a": .max])
    #expect(try ValueDecoder().decode(All.self, from: ValueEncoder().encode(all)) == all)
    #expect(try ValueDecoder().decode(UInt128.self, from: ValueEncoder().encode(UInt128.max)) == .max)
    #expect(throws: DecodingError.self) { try ValueDecoder().decode(UInt128.self, from: -1) }
    for coding in [ValueCoding(), ValueCoding(durations: .seconds)] {
      for time in [Duration.seconds(Int64.max), .seconds(Int64.min), .milliseconds(-1), .zero, .seconds(1.5)]
      {
        let value = try ValueEncoder(coding: coding).encode(time)
        #expect(try ValueDecoder(coding: coding).decode(Duration.self, from: value) == time, "\(value)")
      }
      // Beyond what a Duration is read from, and no end of the process.
      let value = try ValueEncoder(coding: coding).encode(Duration.seconds(Int64.max) * 2)
      #expect(throws: DecodingError.self) {
        try ValueDecoder(coding: coding).decode(Duration.self, from: value)
      }
    }
    #expect(try ValueEncoder().encode(Decimal.nan) == .null)
  }
}
