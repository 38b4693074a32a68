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
    #expect(try await call("fail", ["no"]) == .error(FunctionError("no", isFinal: true, isForClient: true)))
    guard case .ok(let time) = try await call("time", []) else { return }
    #expect(time["utc"]?.string?.hasSuffix("Z") == true && time["unix_us"]?.int ?? 0 > 1_700_000_000_000_000)
  }

  @Test(
    "arguments out of range are the client's mistake",
    arguments: [
      ("slow", [-1] as [Value]), ("slow", [300_001]), ("slow", ["x"]), ("slow", []), ("add", [1]),
      ("add", ["1", 2]),
    ])
  func refused(_ name: String, _ arguments: [Value]) async throws {
    await #expect(throws: ArgumentError.self) { try await call(name, arguments) }
  }
}

@Suite("OpenMetrics")
struct OpenMetricsTests {
  @Test("counters, histograms and gauges of a gateway, with bounded labels, ending in EOF")
  func text() async throws {
    let gateway = try Gateway(configuration: GatewayConfiguration(node: "gw"))
    try gateway.register(ServiceEndpoints("s\"x") { Endpoint("t") { 1 } })
    _ = await gateway.execute(Request(service: "s\"x", requestType: "t", requestID: "1", userID: "somebody"))
    let text = OpenMetricsText.make(gateway.currentState())
    let labels = #"service="s\"x",request_type="t",version="""#
    #expect(text.contains("genapi_requests_total{\(labels),outcome=\"ok\"} 1\n"))
    #expect(text.contains("genapi_request_duration_seconds_bucket{\(labels),le=\"+Inf\"} 1\n"))
    #expect(text.contains("genapi_request_duration_seconds_count{\(labels)} 1\n"))
    #expect(text.hasSuffix("# EOF\n") && !text.contains("somebody"))
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let value = line.split(separator: " ").last.flatMap { Double($0) }
      #expect(value != nil, "\(line)")
    }
    // Every family is declared once.
    let families = text.split(separator: "\n").filter { $0.hasPrefix("# TYPE") }.map {
      $0.split(separator: " ")[2]
    }
    #expect(Set(families).count == families.count)
  }
}
