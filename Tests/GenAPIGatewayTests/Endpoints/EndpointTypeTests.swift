import Foundation
import GenAPIValue
import Testing

@testable import GenAPIGateway

private enum Color: String, Codable, Sendable { case red, green }
private enum Level: Int, Codable, Sendable, CaseIterable { case low = 3, high = 7 }
private enum Shape: Codable, Sendable { case circle(radius: Double) }

private struct Email: Codable, Sendable {
  let text: String

  init(_ text: String) { self.text = text }

  init(from decoder: any Decoder) throws {
    text = try decoder.singleValueContainer().decode(String.self)
    guard text.contains("@") else { throw ArgumentError("it must have an @") }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}

private struct Coupon: Codable, Sendable {
  struct Unknown: Error, CustomStringConvertible { let description = "not in postgres://user:pw@db" }
  let code: String

  init(code: String) { self.code = code }

  init(from decoder: any Decoder) throws {
    code = try decoder.singleValueContainer().decode(String.self)
    guard code.hasPrefix("SAVE-") else { throw Unknown() }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(code)
  }
}

private struct Place: Codable, Sendable {
  struct Point: Codable, Sendable {
    var x: Float
    var y: Float
  }
  var name: String
  var point: Point
}

private struct Order: Codable, Sendable {
  var color: Color
  var level: Level?
  var id: UUID
  var due: Date
  var page: URL
  var price: Decimal
  var photo: Data?
  var wait: Duration?
  var small: Int32
  var byte: UInt8?
  var email: Email
  var emails: [Email]
  var place: Place
  var tags: [String: Int]?
}

@Suite("Types that endpoints take and give")
struct EndpointTypeTests {
  private func call(_ endpoint: Endpoint, _ args: ValueObject = [:]) async throws -> Response {
    let fixture = try GatewayFixture()
    try fixture.gateway.register(endpoint, service: "svc")
    return try #require(
      await fixture.gateway.execute(
        Request(service: "svc", requestType: endpoint.requestType, requestID: "r", args: args)))
  }

  private let order: ValueObject = [
    "color": "green", "id": "123e4567-e89b-12d3-a456-426614174000", "due": "2025-01-15T10:30:00.5+01:00",
    "page": "https://example.com/x", "price": "12.50", "photo": "AQL/", "wait": 1_500, "small": 5,
    "email": "ann@example.com", "emails": ["bob@example.com"],
    "place": ["name": "home", "point": ["x": 1.5, "y": 2.5]], "tags": ["a": 1], "level": 7,
  ]

  @Test(
    "a Codable type may hold enumerations, UUID, Date, URL, Decimal, Data, Duration, its own types and dictionaries"
  )
  func everything() async throws {
    let endpoint = try Endpoint("order", taking: Order.self) { $0 }
    let spec = endpoint.config(service: "svc").arguments
    #expect(spec["color"] == ArgumentSpec(.string))
    #expect(spec["level"] == ArgumentSpec(.num, isWhole: true, allowsNil: true))
    #expect(spec["id"] == ArgumentSpec(.uuid))
    #expect(spec["due"] == ArgumentSpec(.datetime))
    #expect(spec["price"] == ArgumentSpec(.any, isDecimal: true))
    #expect(
      spec["small"]
        == ArgumentSpec(.num, min: .int(Int64(Int32.min)), max: .int(Int64(Int32.max)), isWhole: true))
    #expect(spec["byte"] == ArgumentSpec(.num, min: 0, max: 255, isWhole: true, allowsNil: true))
    #expect(spec["emails"] == ArgumentSpec(.listString))
    #expect(spec["place"] == ArgumentSpec(.any))
    #expect(spec["tags"] == ArgumentSpec(.map, allowsNil: true))
    let result = try await call(endpoint, order).decode(Value.self)
    #expect(result["color"] == "green")
    #expect(result["due"] == "2025-01-15T09:30:00.5Z")
    #expect(result["page"] == "https://example.com/x")
    #expect(result["price"] == "12.5")
    #expect(result["photo"] == .bytes([1, 2, 255]))
    #expect(result["wait"] == 1_500)
    #expect(result["place"] == ["name": "home", "point": ["x": 1.5, "y": 2.5]])
  }

  @Test(
    "what does not fit is told with its place",
    arguments: [
      ("color", "blue", "argument \"color\": "), ("level", 5, "argument \"level\": it must be one of 3, 7"),
      ("id", "x", "argument \"id\" must be a UUID of the form 8-4-4-4-12 hexadecimal digits"),
      ("page", "", "argument \"page\": it must be a URL"),
      ("price", "12ab", "argument \"price\" must be a decimal number of at most 38 digits"),
      ("photo", "%", "argument \"photo\": it must be bytes in Base64"),
      ("small", 3_000_000_000, "argument \"small\" must be -2147483648 to 2147483647"),
      ("email", "ann", "argument \"email\": it must have an @"),
      ("emails", ["a@b", "c"], "argument \"emails[1]\": it must have an @"),
      ("place", ["name": "home", "point": ["x": 1]], "argument \"place.point.y\": the field is missing"),
    ] as [(ByteText, Value, ByteText)])
  func misfits(_ field: ByteText, _ value: Value, _ text: ByteText) async throws {
    var order = order
    order[field] = value
    let response = try await call(try Endpoint("order", taking: Order.self) { $0 }, order)
    #expect(response.error?.hasPrefix("Invalid argument: \(text)") == true, "\(response.error ?? "none")")
  }

  @Test(
    "a type that refuses every made-up value is read off an example, and named with the way out without one")
  func example() async throws {
    struct Purchase: Codable, Sendable {
      var coupon: Coupon
      var count: Int
    }
    #expect {
      _ = try Endpoint("buy", taking: Purchase.self) { $0.count }
    } throws: { error in
      "\(error)".contains("the arguments of buy cannot be read off Purchase")
        && "\(error)".contains("give a value of it as the example")
        && "\(error)".contains("Argument(\"name\", Type.self)")
    }
    let example = Purchase(coupon: Coupon(code: "SAVE-10"), count: 1)
    let endpoint = try Endpoint("buy", taking: Purchase.self, example: example) { $0.count }
    #expect(endpoint.config(service: "svc").arguments["coupon"] == ArgumentSpec(.string))
    #expect(try await call(endpoint, ["coupon": "SAVE-20", "count": 2]).decode(Int.self) == 2)
    // What an initialiser throws of its own accord is not worded for clients.
    let refused = try await call(endpoint, ["coupon": "FREE", "count": 2])
    #expect(refused.error == "Invalid argument: argument \"coupon\": it is not valid")
  }

  @Test("a type that reads keys of any name has no fields to declare")
  func dictionary() {
    #expect(throws: EndpointError.self) { _ = try Endpoint("x", taking: [String: Int].self) { $0.count } }
    #expect(throws: EndpointError.self) { _ = try Endpoint("x", taking: [Int].self) { $0.count } }
  }

  @Test("one argument may be of any Codable type, with bounds and a default")
  func single() async throws {
    let endpoint = Endpoint(
      "paint", Argument("color", Color.self, maxBytes: 10), Argument("level", Level.self, default: .high),
      Argument("due", Date?.self), Argument("place", Place?.self),
      Argument("emails", [Email].self, maxItems: 2),
      Argument("coupon", Coupon?.self), Argument("shape", Shape?.self)
    ) { color, level, due, place, emails, coupon, shape in
      [
        color.rawValue, "\(level.rawValue)", "\(due?.timeIntervalSince1970 ?? 0)", place?.name ?? "nowhere",
        emails.map(\.text).joined(), coupon?.code ?? "none", shape == nil ? "no shape" : "shape",
      ]
    }
    let spec = endpoint.config(service: "svc").arguments
    #expect(spec["color"] == ArgumentSpec(.string, maxBytes: 10))
    #expect(spec["level"] == ArgumentSpec(.num, isWhole: true, defaultValue: 7))
    #expect(spec["due"] == ArgumentSpec(.datetime, allowsNil: true))
    #expect(spec["emails"] == ArgumentSpec(.listString, maxItems: 2))
    #expect(spec["coupon"] == ArgumentSpec(.string, allowsNil: true))
    #expect(spec["shape"] == ArgumentSpec(.any, allowsNil: true))
    #expect(endpoint.config(service: "svc").validate() == [])
    let args: ValueObject = [
      "color": "red", "due": "1970-01-01T00:00:07Z", "emails": ["a@b"], "shape": ["circle": ["radius": 1]],
    ]
    #expect(
      try await call(endpoint, args).decode([String].self)
        == ["red", "7", "7.0", "nowhere", "a@b", "none", "shape"])
    var wrong = args
    wrong["coupon"] = "FREE"
    #expect(
      try await call(endpoint, wrong).error == "Invalid argument: argument \"coupon\": it is not valid")
    wrong = args
    wrong["place"] = ["name": "home", "point": ["x": 1, "y": "up"]]
    #expect(
      try await call(endpoint, wrong).error
        == "Invalid argument: argument \"place.point.y\": expected a number, found string")
  }

  @Test("results and parts of streams are written as the endpoint says, or else its service")
  func coding() async throws {
    let fixture = try GatewayFixture()
    let date = Date(timeIntervalSince1970: 1)
    try fixture.gateway.register(
      ServiceEndpoints("svc") {
        Endpoint("service") { date }
        Endpoint("own") { date }.results(ValueCoding())
        Endpoint(streaming: "stream") { stream in
          try await stream.send([date])
          try stream.last(["end": date])
        }
      }
      .results(ValueCoding(dates: .secondsSince1970)))
    func ask(_ type: ByteText) async -> Value? {
      await fixture.gateway.execute(Request(service: "svc", requestType: type, requestID: "r"))?.result
    }
    #expect(await ask("service") == 1)
    #expect(await ask("own") == "1970-01-01T00:00:01Z")
    let connection = fixture.connect()
    _ = await fixture.gateway.execute(
      Request(service: "svc", requestType: "stream", requestID: "s"), on: connection)
    #expect(await connection.received(2).map(\.result) == [[1], ["end": 1]])
  }

  @Test("a response's result is read as a type, a failed one thrown as its error")
  func decoded() async throws {
    let response = Response.sync("r", ["name": "home", "point": ["x": 1, "y": 2]])
    #expect(try response.decode(Place.self).point.y == 2)
    #expect(throws: DecodingError.self) { try response.decode(Int.self) }
    #expect(throws: ResponseError(message: "later", canRetry: true)) {
      try Response.error("r", "later", canRetry: true).decode(Int.self)
    }
  }
}
