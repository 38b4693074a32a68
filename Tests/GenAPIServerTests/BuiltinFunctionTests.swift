import GenAPIGateway
import GenAPITelemetry
import GenAPIValue
import Testing

@testable import GenAPIServer

@Suite("Built-in functions")
struct BuiltinFunctionTests {
  private func call(_ name: String, _ arguments: [Value]) async throws -> FunctionResult {
    let gateway = try Gateway(configuration: GatewayConfiguration(node: "gw"))
    BuiltinFunctions.register(on: gateway)
    let reference = try #require(FunctionReference(parsing: "Builtin.\(name)"))
    let function = try #require(gateway.functions.function(reference))
    return try await function(FunctionCall(arguments: arguments))
  }

  @Test("echo, add and time answer; fail fails in words for the client")
  func answers() async throws {
    #expect(try await call("echo", ["x"]) == .ok("x"))
    #expect(try await call("echo", ["x", 1]) == .ok(["x", 1]))
    #expect(try await call("add", [2, 3]) == .ok(5))
    #expect(try await call("add", [2.5, 3]) == .ok(5.5))
    #expect(try await call("add", [.int(.max), 1]) == .ok(.double(9.223372036854775808e18)))
    #expect(try await call("add", [.int(.min), .int(.min)]) == .ok(.double(-1.8446744073709551616e19)))
    #expect(try await call("fail", ["no"]) == .error(FunctionError("no", isFinal: true, isForClient: true)))
    guard case .ok(let time) = try await call("time", []) else { return }
    #expect(time["utc"]?.string?.hasSuffix("Z") == true && time["unix_us"]?.int ?? 0 > 1_700_000_000_000_000)
  }

  @Test(
    "arguments out of range are the client's mistake",
    arguments: [
      ("slow", [-1] as [Value]), ("slow", [300_001]), ("slow", ["x"]), ("slow", []), ("add", [1]),
      ("add", ["1", 2]), ("add", [1e308, 1e308]), ("add", [-1e308, -1e308]),
    ])
  func refused(_ name: String, _ arguments: [Value]) async throws {
    await #expect(throws: ArgumentError.self) { try await call(name, arguments) }
  }

  @Test("a wait that is no whole number is refused with that word", arguments: [0.5, 20.5])
  func fraction(_ milliseconds: Double) async throws {
    let error = await #expect(throws: ArgumentError.self) { try await call("slow", [.double(milliseconds)]) }
    #expect(error.map { "\($0)".contains("whole number of 0 to 300000") } == true)
  }
}
