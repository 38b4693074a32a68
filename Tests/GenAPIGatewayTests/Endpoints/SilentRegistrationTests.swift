import Foundation
import GenAPITesting
import GenAPIValue
import InMemoryLogging
import Logging
import Testing

@testable import GenAPIGateway

@Suite("What would be lost without a word when it is registered")
struct SilentRegistrationTests {
  private func gateway(
    _ lines: InMemoryLogHandler, _ change: (inout GatewayConfiguration) -> Void = { _ in }
  ) throws -> Gateway {
    var configuration = GatewayConfiguration(node: "gw@test")
    configuration.logger = Logger(label: "test") { _ in lines }
    change(&configuration)
    return try Gateway(configuration: configuration, clock: VirtualClock())
  }

  private func faults(_ endpoint: Endpoint) throws -> [ByteText] {
    try GatewayFixture().gateway.faults(of: endpoint)
  }

  @Test("a second set of a service drops the first one's functions, and the log says which")
  func sets() throws {
    let lines = InMemoryLogHandler()
    let gateway = try gateway(lines)
    try gateway.register(ServiceEndpoints("s") { Endpoint("a") { 1 } })
    #expect(lines.entries.isEmpty)
    try gateway.register(ServiceEndpoints("s") { Endpoint("b") { 1 } })
    #expect(lines.entries.last?.level == .notice && lines.entries.last?.metadata["removed"] == "a")
    #expect(lines.entries.last?.metadata["service"] == "s")
    try gateway.register(ServiceEndpoints("s") { Endpoint("b") { 2 } })
    #expect(lines.entries.count == 2 && lines.entries.last?.level == .info)
    try gateway.register(ServiceEndpoints("s") {})
    #expect(lines.entries.count == 3 && lines.entries.last?.metadata["removed"] == "b")
    try gateway.register(ServiceEndpoints("s") {})
    #expect(lines.entries.count == 4 && "\(lines.entries[3].message)".contains("nothing to remove"))
  }

  @Test("a set that takes over a function which was registered by itself says so")
  func takenOver() throws {
    let lines = InMemoryLogHandler()
    let gateway = try gateway(lines)
    try gateway.register(Endpoint("a") { 1 }, service: "s")
    try gateway.register(Endpoint("z") { 1 }, service: "s")
    #expect(lines.entries.isEmpty)
    try gateway.register(ServiceEndpoints("s") { Endpoint("a") { 2 } })
    #expect(lines.entries.count == 1 && lines.entries[0].level == .notice)
    #expect(lines.entries[0].metadata["taken"] == "a" && lines.entries[0].metadata["service"] == "s")
    try gateway.register(ServiceEndpoints("s") { Endpoint("a") { 3 } })
    #expect(lines.entries.count == 2 && lines.entries[1].metadata["taken"] == nil)
  }

  @Test("a permission by an argument that can never be the text of a user's id is refused")
  func neverUser() throws {
    func fault<Wrapped: Codable & Sendable>(_ type: Wrapped.Type) throws -> [ByteText] {
      try faults(
        Endpoint("f", Argument("user_id", type)) { _ in 1 }.permission(.argument("user_id")))
    }
    let words: ByteText =
      "svc/f: permission names the argument \"user_id\", which is a number: the user's id that it is "
    #expect(try fault(Int.self) == [words + "compared with is a text, so nobody would pass"])
    #expect(try fault(Double?.self).count == 1)
    #expect(try fault(Bool.self).count == 1)
    #expect(try fault([String].self).count == 1)
    #expect(try fault(String.self) == [] && fault(String?.self) == [] && fault(UUID.self) == [])
  }

  @Test(
    "a permission by an argument that is a dictionary, or a type that holds one, is refused as that of a number is"
  )
  func dictionary() throws {
    struct Order: Codable { var extra: [String: Int] }
    func fault<Wrapped: Codable & Sendable>(_ type: Wrapped.Type) throws -> [ByteText] {
      try faults(Endpoint("f", Argument("user_id", type)) { _ in 1 }.permission(.argument("user_id")))
    }
    let words: ByteText =
      "svc/f: permission names the argument \"user_id\", which is a type with fields or a dictionary: the user's id that it is "
    #expect(try fault([String: Int].self) == [words + "compared with is a text, so nobody would pass"])
    #expect(try fault([String: Int]?.self).count == 1)
    #expect(try fault(Order.self).count == 1)
    #expect(try fault([Order].self).count == 1 && fault([Order]?.self).count == 1)
    #expect(
      try fault([[Int]].self).count == 1 && fault([[String]].self).count == 1 && fault([Int?].self).count == 1
    )
    #expect(try fault(Value.self) == [] && fault(Date.self) == [] && fault(Decimal.self) == [])
    struct Fields: Codable {
      var userID: [String: String]
      var n: Int
      enum CodingKeys: String, CodingKey { case userID = "user_id", n }
    }
    let taking = try Endpoint("f", taking: Fields.self) { $0.n }.permission(.argument("user_id"))
    #expect(try faults(taking).count == 1)
  }

  @Test(
    "a permission by a number or an object is refused at every door: added, replaced, of a file or a push")
  func configDoors() throws {
    let gateway = try gateway(InMemoryLogHandler())
    for (type, kind) in [
      ("num", "num"), ("map", "map"), ("boolean", "boolean"), ("list_string", "list_string"),
    ] {
      let config = try FunctionConfig([
        "service": "s", "request_type": "f", "mfa": "MyApp.U.f", "nodes": "local",
        "arg_types": ["user_id": .string(ByteText(type))], "check_permission": ["arg": "user_id"],
      ])
      let fault: ByteText =
        "check_permission names the argument \"user_id\", which is \(kind): the user's id that it is compared with is a text, so nobody would pass"
      #expect(config.validate() == [fault])
      #expect(throws: ConfigStoreError.invalid([fault])) { try gateway.configs.add(config) }
      #expect(throws: ConfigStoreError.self) {
        try gateway.configs.batchAdd([config], origin: ConfigOrigin(.push, node: "a@host"))
      }
    }
  }

  @Test("a permission by an argument with a default, of which who leaves it out is denied, is refused")
  func defaulted() throws {
    let endpoint = Endpoint("f", Argument("user_id", String.self, default: "ann")) { $0 }
    #expect(try faults(endpoint) == [])
    #expect(
      try faults(endpoint.permission(.argument("user_id"))) == [
        "svc/f: permission names the argument \"user_id\", which has a default: the permission is checked before it counts, so who leaves it out is denied"
      ])
  }

  @Test(
    "a function that was switched off and is registered anew says that it stays so; deleted and registered it is on"
  )
  func disabled() async throws {
    let lines = InMemoryLogHandler()
    let gateway = try gateway(lines)
    let endpoint = Endpoint("f") { 1 }.version("1.0.0")
    try gateway.register(endpoint, service: "s")
    try gateway.configs.disable("s", "f", version: "1.0.0")
    try gateway.register(endpoint, service: "s")
    #expect(await gateway.response("s", "f").error?.hasPrefix("disabled function") == true)
    #expect(lines.entries.count == 1 && lines.entries.first?.metadata["function"] == "s/f 1.0.0")
    let message = lines.entries.first.map { "\($0.message)" } ?? ""
    #expect(message.hasPrefix("a function is registered that was switched off: it stays so"))
    #expect(throws: ConfigStoreError.self, "the unversioned one, of which there is none") {
      try gateway.configs.delete("s", "f")
    }
    #expect(try gateway.configs.delete("s", "f", version: "1.0.0"))
    try gateway.register(endpoint, service: "s")
    #expect(await gateway.response("s", "f").result == 1)
    #expect(lines.entries.count == 1)
  }

  @Test("a name with control characters is escaped where its fault is told")
  func escaped() throws {
    let faults = try faults(Endpoint("get\nuser") { 1 })
    #expect(
      faults == [
        "svc/get\u{240A}user: the request type must not have the character U+000A: it is not seen, or is a blank other than the space"
      ])
  }

  @Test("a permission by an argument that is a UUID lets its user pass in capitals and in small letters")
  func sameUUID() async throws {
    let fixture = try GatewayFixture()
    try fixture.gateway.register(
      ServiceEndpoints("test") {
        Endpoint("by_id", Argument("user_id", UUID.self)) { _ in 1 }.permission(.argument("user_id"))
        Endpoint("by_text", Argument("user_id", String.self)) { _ in 1 }.permission(.argument("user_id"))
      })
    let id = UUID().uuidString
    func isAllowed(_ type: ByteText, _ argument: String) async -> Bool? {
      var request = fixture.request(type, ["user_id": .string(ByteText(argument))])
      request.userID = ByteText(id)
      return await fixture.gateway.execute(request)?.success
    }
    #expect(await isAllowed("by_id", id) == true)
    #expect(await isAllowed("by_id", id.lowercased()) == true)
    #expect(await isAllowed("by_id", UUID().uuidString) == false)
    #expect(await isAllowed("by_text", id) == true)
    #expect(await isAllowed("by_text", id.lowercased()) == false)
  }

  @Test("an endpoint that is asynchronous and unanswered, or has a time for hooks and none, is refused")
  func contradictions() throws {
    #expect(
      try faults(Endpoint("f") { 1 }.asynchronous.unanswered)
        == ["svc/f: it cannot be asynchronous and unanswered: state one"])
    #expect(
      try faults(Endpoint("f") { 1 }.unanswered.asynchronous)
        == ["svc/f: it cannot be asynchronous and unanswered: state one"])
    #expect(try faults(Endpoint("f") { 1 }.asynchronous.asynchronous) == [])
    #expect(
      try faults(Endpoint("f") { 1 }.hookTimeout(.seconds(5))) == [
        "svc/f: hookTimeout is stated, and it has no hook"
      ])
    #expect(try faults(Endpoint("f") { 1 }.after { $1 }.hookTimeout(.seconds(5))) == [])
  }

  @Test("a service may state a time for hooks of which some of its endpoints have none")
  func serviceHooks() throws {
    let gateway = try GatewayFixture().gateway
    try gateway.register(
      ServiceEndpoints("svc") {
        Endpoint("a") { 1 }.after { $1 }
        Endpoint("b") { 1 }
      }.hookTimeout(.seconds(1)))
  }

  @Test("a request type with a line's end or a slash is refused")
  func names() throws {
    #expect(
      try faults(Endpoint("a\nb") { 1 }) == [
        "svc/a\u{240A}b: the request type must not have the character U+000A: it is not seen, or is a blank other than the space"
      ])
    #expect(
      try faults(Endpoint("a/b") { 1 })
        == [
          "svc/a/b: the request type must not have a slash, which stands between a service and a request type"
        ])
  }

  @Test("a version that is no semantic one is told, as it is lower than all that are")
  func versions() throws {
    let lines = InMemoryLogHandler()
    let gateway = try gateway(lines)
    try gateway.register(Endpoint("f") { 1 }.version("1.2.3-rc.1"), service: "s")
    #expect(lines.entries.isEmpty)
    try gateway.register(Endpoint("f") { 1 }.version("v11"), service: "s")
    #expect(lines.entries.count == 1 && lines.entries.first?.metadata["function"] == "s/f v11")
  }

  @Test("a limit of a function that is not there is told when the gateway begins")
  func limits() async throws {
    let lines = InMemoryLogHandler()
    let gateway = try gateway(lines) {
      $0.rateLimiter.apiLimits = [
        .api(service: "s", requestType: "there", key: .field(.userID), maxRequests: 1, window: .seconds(1)),
        .api(service: "s", requestType: "nowhere", key: .field(.userID), maxRequests: 1, window: .seconds(1)),
      ]
    }
    try gateway.register(Endpoint("there") { 1 }, service: "s")
    let running = Task { try await gateway.run() }
    while lines.entries.isEmpty { await Task.yield() }
    running.cancel()
    try? await running.value
    let told = lines.entries.filter { "\($0.message)".contains("not there") }
    #expect(told.count == 1 && "\(told.first?.metadata["limit"] ?? "")".contains("nowhere"))
  }

  @Test("a service without a name is told once, and a time as it was written")
  func words() throws {
    let gateway = try GatewayFixture().gateway
    let error = #expect(throws: ConfigStoreError.self) {
      try gateway.register(ServiceEndpoints("") { Endpoint("t") { 1 } })
    }
    #expect(error == .invalid(["service must be a non-empty string"]))
    #expect(
      try faults(Endpoint("f") { 1 }.timeout(.nanoseconds(1)))
        == ["svc/f: timeout must be 100 ms to 5 min, or nil for none; it is 1e-09 seconds"])
    #expect(
      try faults(Endpoint("f", Argument("s", String.self, min: 1)) { s in s })
        == [
          "svc/f: argument \"s\": min is for numbers, and arrays and dictionaries of numbers, not for a text"
        ])
    let limit = try faults(Endpoint("f") { 1 }.limit(0, per: .seconds(1)))
    #expect(limit.first?.string.contains("the number of requests must be 1 to") == true, "\(limit)")
  }

  @Test("an argument is refused by a function that takes none as by one that takes others")
  func unknownArguments() async throws {
    let gateway = try GatewayFixture().gateway
    try gateway.register(
      ServiceEndpoints("svc") {
        Endpoint("none") { 1 }
        Endpoint(performing: "done") {}
        Endpoint(withRequest: "who") { request in request.userID }
        Endpoint(streaming: "parts") { _ in }
        Endpoint("one", Argument("n", Int.self)) { $0 }
      })
    for type in ["none", "done", "who", "parts"] as [ByteText] {
      let response = await gateway.response("svc", type, ["x": 1])
      #expect(response.error == "Invalid argument: unknown argument \"x\"", "\(type)")
      #expect(await gateway.response("svc", type).success)
    }
    #expect(
      await gateway.response("svc", "one", ["n": 1, "x": 1]).error
        == "Invalid argument: unknown argument \"x\"")
  }
}
