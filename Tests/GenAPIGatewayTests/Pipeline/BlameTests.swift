import GenAPIValue
import InMemoryLogging
import Logging
import Testing

@testable import GenAPIGateway

@Suite("Whose mistake a wrong argument is")
struct BlameTests {
  private let lines = InMemoryLogHandler()

  private func fixture() throws -> GatewayFixture {
    try GatewayFixture { [lines] in $0.logger = Logger(label: "test") { _ in lines } }
  }

  private struct Even: Codable, Sendable {
    var number: Int

    init(from decoder: any Decoder) throws {
      number = try decoder.singleValueContainer().decode(Int.self)
      guard number % 2 == 0 else { throw ArgumentError("it must be even") }
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      try container.encode(number)
    }
  }

  private func ask(_ fixture: GatewayFixture, _ args: ValueObject) async -> Response? {
    await fixture.gateway.execute(fixture.request("f", args))
  }

  private var errors: [String] {
    lines.entries.filter { $0.level == .error }.map { "\($0.message): \($0.metadata["error"] ?? "")" }
  }

  @Test(
    "an argument that middleware finds wrong is the middleware's failure, one that cannot be read as its type is the client's"
  )
  func middleware() async throws {
    let fixture = try fixture()
    let even = Endpoint("f", Argument("n", Even.self)) { n in n }
    try fixture.gateway.register(even.middleware { try await $1($0) }, service: "test")
    #expect(await ask(fixture, ["n": 1])?.error == "Invalid argument: argument \"n\": it must be even")
    #expect(errors.isEmpty)
    try fixture.gateway.register(even.middleware { _, _ in throw ArgumentError("no key") }, service: "test")
    #expect(await ask(fixture, ["n": 2])?.error == "Internal Server Error")
    #expect(
      errors == ["a function failed: middleware threw an ArgumentError: no key"])
    // Other arguments than the client's.
    for wrong in [[], ["many"], [1], [2, 4]] as [[Value]] {
      try fixture.gateway.register(
        even.middleware { call, next in
          var call = call
          call.arguments = wrong
          return try await next(call)
        }, service: "test")
      #expect(await ask(fixture, ["n": 2])?.error == "Internal Server Error", "\(wrong)")
    }
    // Its own, after the function's was seen.
    try fixture.gateway.register(
      even.middleware { call, next in
        do { return try await next(call) } catch { throw ArgumentError("no key") }
      }, service: "test")
    #expect(await ask(fixture, ["n": 1])?.error == "Internal Server Error")
    // What is said to be for clients reaches them.
    try fixture.gateway.register(
      even.middleware { _, _ in throw FunctionError("sold out", isForClient: true) }, service: "test")
    #expect(await ask(fixture, ["n": 2])?.error == "sold out")
  }

  @Test("arguments that middleware passes on are checked by their bounds, as those of a before hook are")
  func passed() async throws {
    struct Order: Codable {
      var n: Int
      var note: String?
    }
    let fixture = try fixture()
    func register(_ endpoint: Endpoint, _ change: @escaping @Sendable (inout [Value]) -> Void) throws {
      try fixture.gateway.register(
        endpoint.middleware { call, next in
          var call = call
          change(&call.arguments)
          return try await next(call)
        }, service: "test")
    }
    let one = Endpoint("f", Argument("n", Int.self, max: 5)) { $0 }
    try register(one) { $0[0] = 99 }
    #expect(await ask(fixture, ["n": 1])?.error == "Internal Server Error")
    #expect(
      errors == [
        "a function failed: middleware passed on wrong arguments: argument \"n\" must be at most 5"
      ])
    try register(one) { $0[0] = 4 }
    #expect(await ask(fixture, ["n": 1])?.result == 4)
    let taking = try Endpoint("f", taking: Order.self, Argument("n", Int.self, max: 5)) { $0.n }
    try register(taking) { $0[0] = ["n": 99] }
    #expect(await ask(fixture, ["n": 1])?.error == "Internal Server Error")
    try register(taking) { $0[0] = ["n": 4] }
    #expect(await ask(fixture, ["n": 1])?.result == 4)
    // What is no bound of the endpoint's is the client's alone.
    let long = ByteText(String(repeating: "a", count: 5_000))
    try register(Endpoint("f", Argument("text", String.self)) { $0.utf8.count }) { $0[0] = .string(long) }
    #expect(await ask(fixture, ["text": "a"])?.result == 5_000)
    // The request info that a config asks for stays behind them.
    try fixture.gateway.register(
      one.middleware { call, next in
        var call = call
        call.arguments[0] = 3
        return try await next(call)
      }.setting { $0.passesRequestInfo = true }, service: "test")
    #expect(await ask(fixture, ["n": 1])?.result == 3)
  }

  @Test("arguments that a before hook makes wrong are its failure, and the client's stay the client's")
  func hook() async throws {
    let fixture = try fixture()
    try fixture.gateway.register(
      Endpoint("f", Argument("n", Int.self, max: 5)) { n in n }.before { request in
        var request = request
        request.args["n"] = .string("many")
        return .proceed(request)
      }, service: "test")
    #expect(await ask(fixture, ["n": 1])?.error == "Internal Server Error")
    #expect(
      errors == [
        "a before hook failed: what the before hook made of the arguments is refused: argument \"n\" must be a num, not a string"
      ])
    #expect(await ask(fixture, ["n": 9])?.error?.hasPrefix("Invalid argument: argument \"n\"") == true)
    try fixture.gateway.register(
      Endpoint("f", Argument("n", Int.self)) { n in n }.before { _ in throw ArgumentError("no key") },
      service: "test")
    #expect(await ask(fixture, ["n": 1])?.error == "Internal Server Error")
  }

  @Test("a hook's config that is invalid is in the log")
  func config() async throws {
    let fixture = try fixture()
    fixture.gateway.functions.registerBeforeHook("Test.hook") { request, config, _ in
      var config = config
      config.timeout = .zero
      return .proceed(request, config)
    }
    try fixture.add("f") { $0.beforeExecute = FunctionReference("Test", "hook") }
    #expect(await ask(fixture, [:])?.error == "Internal Server Error")
    #expect(errors.count == 1 && errors[0].contains("the config of the before hook is invalid: timeout"))
  }

  @Test("a result that no encoder can be found for says once that encoding failed")
  func encoding() async throws {
    let fixture = try fixture()
    fixture.gateway.showsErrorDetail = true
    fixture.gateway.functions.register("Test.encode") { _ in
      .error(FunctionError("result encoding failed: no form for it"))
    }
    try fixture.add("f") { $0.resultEncoder = FunctionReference("Test", "encode") }
    #expect(
      await ask(fixture, [:])?.error == "Internal Server Error: result encoding failed: no form for it")
  }
}
