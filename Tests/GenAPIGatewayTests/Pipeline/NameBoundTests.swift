import GenAPITelemetry
import GenAPIValue
import Testing

@testable import GenAPIGateway

@Suite("Names and texts are bounded in bytes")
struct NameBoundTests {
  /// One character, so many bytes: `a` and combining marks.
  static func character(bytes: Int) -> ByteText {
    ByteText("a" + String(repeating: "\u{0301}", count: (bytes - 1) / 2) + (bytes % 2 == 0 ? "b" : ""))
  }

  private static let fields: [ByteText] = ["service", "request_type", "request_id", "version", "device_id"]

  private func payload(_ field: ByteText, _ text: Value) -> Value {
    var object: ValueObject = ["service": "test", "request_type": "echo", "request_id": "r1"]
    object[field] = text
    return .object(object)
  }

  @Test(
    "a name of 256 bytes is taken, one of 257 is refused in words before it is looked up or emitted, whatever it is",
    arguments: Self.fields)
  func names(field: ByteText) async throws {
    let fixture = try GatewayFixture()
    try fixture.add()
    #expect(Self.character(bytes: 257).byteCount == 257)
    let fitting = payload(field, .string(Self.character(bytes: 256)))
    #expect(throws: Never.self) { try Request.decode(fitting, from: .anonymous) }
    let connection = fixture.connect()
    _ = fixture.events()
    for size in [257, 400_000] {
      let value = payload(field, .string(Self.character(bytes: size)))
      let text: ByteText = "Malformed request payload: \(field) has \(size) bytes, allowed are 256"
      #expect(await fixture.gateway.handle(value, from: .anonymous, on: connection) == .refused(text))
      #expect(
        await fixture.gateway.handle(Array(value.json.utf8), from: .anonymous, on: connection)
          == .refused(text))
      let request = Request(
        service: value["service"]!.string!, requestType: value["request_type"]!.string!,
        requestID: value["request_id"]!.string!, deviceID: value["device_id"]?.string,
        version: value["version"]?.string)
      let response = await fixture.gateway.execute(request, on: connection)
      #expect(response?.error == "Invalid request: \(text)")
    }
    #expect(fixture.events().isEmpty)
    #expect(
      connection.responses.allSatisfy { $0.requestID.byteCount <= 256 && $0.value.json.utf8.count < 2_000 })
    #expect(fixture.gateway.currentState().series.allSatisfy { $0.requests == 0 })
    #expect(fixture.gateway.currentState().totals.invalid == 6)
  }

  @Test("an argument's name is bounded too, and a number as an id by its digits")
  func others() async throws {
    let fixture = try GatewayFixture()
    _ = fixture.events()
    let name = Self.character(bytes: 300)
    let request = fixture.request("echo", [name: 1])
    let response = await fixture.gateway.execute(request)
    #expect(response?.error?.string.contains("has 300 bytes, allowed are 256") == true)
    #expect((response?.error?.byteCount ?? 0) < 300)
    let digits = String(repeating: "7", count: 300)
    let value = try Value(json: #"{"service":"s","request_type":"t","request_id":\#(digits)}"#)
    let error = #expect(throws: RequestError.self) { try Request.decode(value, from: .anonymous) }
    #expect(error?.description.contains("request_id has 300 bytes") == true)
    #expect(fixture.events().isEmpty)
  }

  @Test(
    "an error's text is cut to a kilobyte where it is kept or emitted, says so, and its function stays in the state"
  )
  func errors() async throws {
    let fixture = try GatewayFixture()
    let long = Self.character(bytes: 1_000_000)
    for (type, kind) in [("sync", ResponseType.sync), ("later", .async), ("parts", .stream)] {
      try fixture.add(
        ByteText(type),
        {
          $0.responseType = kind
          $0.retry = .sameNode(1)
        }
      ) { _ in throw FunctionError(long) }
    }
    fixture.gateway.functions.registerAfterHook("Test.after") { _, _, _, _ in throw FunctionError(long) }
    try fixture.add("hooked", { $0.afterExecute = FunctionReference("Test", "after") })
    let connection = fixture.connect()
    await fixture.advancing {
      for type in ["sync", "later", "parts", "hooked"] as [ByteText] {
        var request = fixture.request(type)
        request.requestID = type
        _ = await fixture.gateway.execute(request, on: connection)
      }
      while fixture.gateway.currentState().series.filter({ $0.lastError != nil }).count < 3 {
        await Task.yield()
      }
    }
    let state = fixture.gateway.currentState()
    #expect(state.series.map(\.requestType).sorted() == ["hooked", "later", "parts", "sync"])
    for series in state.series where series.requestType != "hooked" {
      #expect((500...1_024).contains(series.lastError!.byteCount))
      #expect(series.lastError!.hasSuffix("… (cut, 1000000 bytes)"))
    }
    var texts = 0
    for event in fixture.events() {
      for text in event.texts {
        #expect(text.byteCount <= 1_024, "\(event.name)")
        texts += text.byteCount > 500 ? 1 : 0
      }
    }
    // Each request's end and its last retry, the hook's failure.
    #expect(texts >= 7)
  }
}

extension TelemetryEvent {
  /// Every text in it.
  fileprivate var texts: [ByteText] {
    var collector = TextCollector()
    visitMetadata(&collector)
    return collector.texts
  }
}

/// Collects the texts of an event.
private struct TextCollector: FieldVisitor {
  var texts: [ByteText] = []

  mutating func field(_ key: StaticString, _ value: Int64) {}
  mutating func field(_ key: StaticString, _ value: Bool) {}
  mutating func field(_ key: StaticString, _ value: ByteText) { texts.append(value) }
  mutating func field(_ key: StaticString, _ value: [ByteText]) { texts += value }
}
