import GenAPITelemetry
import GenAPITesting
import GenAPIValue
import Locking
import ServiceLifecycle
import TestWaiting
import Testing

@testable import GenAPIGateway

@Suite("Registering and removing")
struct RegistrationTests {
  private func answer(_ gateway: Gateway, _ type: ByteText, version: ByteText? = nil) async -> Response? {
    await gateway.execute(
      Request(service: "svc", requestType: type, requestID: "r", userID: "u1", version: version))
  }

  @Test("a set of endpoints takes the place of the one before: what it has no more goes")
  func replaced() async throws {
    let fixture = try GatewayFixture()
    let gateway = fixture.gateway
    try gateway.register(Endpoint("single") { 0 }, service: "svc")
    try gateway.register(
      ServiceEndpoints("svc") {
        Endpoint("a") { 1 }
        Endpoint("b") { 1 }
        Endpoint("c") { 1 }.version("1.0.0")
      })
    _ = fixture.events()
    try gateway.register(
      ServiceEndpoints("svc") {
        Endpoint("a") { 2 }
        Endpoint("c") { 2 }.version("2.0.0")
      })
    #expect(await answer(gateway, "a")?.result == 2)
    #expect(await answer(gateway, "b")?.error == "unsupported function: b version latest of service svc")
    #expect(await answer(gateway, "c", version: "1.0.0")?.success == false)
    #expect(await answer(gateway, "c")?.result == 2)
    #expect(await answer(gateway, "single")?.result == 0)
    #expect(gateway.functions.function(FunctionReference("Swift.svc", "b")) == nil)
    #expect(fixture.names().filter { $0 == "config.delete" }.count == 2)
    try gateway.register(ServiceEndpoints("other") { Endpoint("a") { 3 } })
    try gateway.register(ServiceEndpoints("svc") {})
    #expect(gateway.configs.configs(of: "svc").map(\.requestType) == ["single"])
    #expect(gateway.configs.configs(of: "other").count == 1)
  }

  @Test("a set with a fault changes nothing, and tells all of them")
  func refusedSet() async throws {
    let fixture = try GatewayFixture()
    let gateway = fixture.gateway
    try gateway.register(ServiceEndpoints("svc") { Endpoint("a") { 1 } })
    let faulty = ServiceEndpoints("svc") {
      Endpoint("b") { 1 }
      Endpoint("b") { 2 }
      Endpoint("c") { 1 }.timeout(.milliseconds(1))
    }
    let error = #expect(throws: ConfigStoreError.self) { try gateway.register(faulty) }
    guard case .invalid(let faults)? = error else { return }
    #expect(faults.contains("svc/b is there twice"))
    #expect(faults.contains { $0.hasPrefix("svc/c: timeout must be") })
    #expect(gateway.configs.configs(of: "svc").map(\.requestType) == ["a"])
    #expect(gateway.functions.function(FunctionReference("Swift.svc", "b")) == nil)
  }

  /// Something that a function holds.
  private final class Held: Sendable {
    let number = 7
  }

  @Test("deleting a function, its service's set or everything frees its closures", arguments: 0..<5)
  func freed(_ way: Int) async throws {
    let fixture = try GatewayFixture()
    let gateway = fixture.gateway
    weak var function: Held?
    weak var hook: Held?
    do {
      let (one, two) = (Held(), Held())
      (function, hook) = (one, two)
      try gateway.register(
        ServiceEndpoints("svc") {
          Endpoint("a") { one.number }
            .before { request in two.number == 7 ? .proceed(request) : .abort("no") }
            .after { _, response in two.number == 7 ? response : response }
            .permission { _ in two.number == 7 }
        })
      #expect(await answer(gateway, "a")?.result == 7)
    }
    #expect(function != nil && hook != nil)
    switch way {
    case 0: try gateway.configs.delete("svc", "a")
    case 1: try gateway.register(ServiceEndpoints("svc") { Endpoint("b") { 1 } })
    case 2: gateway.configs.clear()
    case 3: try gateway.register(Endpoint("a") { 1 }, service: "svc")
    default:
      gateway.functions.register("Other.f") { _ in .ok(1) }
      var config = try gateway.configs.get("svc", "a")
      config.function = FunctionReference("Other", "f")
      (config.beforeExecute, config.afterExecute, config.permissionCallback) = (nil, nil, nil)
      try gateway.configs.update(config)
      #expect(await answer(gateway, "a")?.result == 1)
    }
    // Calls under way may hold them a little longer.
    try await eventually { function == nil && hook == nil }
  }

  @Test("what names nothing is refused: a permission, a version, a name, a hook")
  func nothing() throws {
    let gateway = try GatewayFixture().gateway
    func fault(_ endpoint: Endpoint, service: ByteText = "svc") -> ByteText {
      do throws(ConfigStoreError) {
        try gateway.register(endpoint, service: service)
        return "taken"
      } catch {
        return ByteText(error.description)
      }
    }
    let none = Endpoint("a") { 1 }
    let one = Endpoint("a", Argument("id", String.self)) { id in id }
    #expect(fault(none.permission(.argument("user_id"))).string.contains("names the argument \"user_id\""))
    #expect(fault(one.permission(.argument("user_id"))).string.contains("names the argument \"user_id\""))
    #expect(fault(one.permission(.argument(""))).string.contains("needs an argument's name"))
    #expect(fault(one.permission(.role([]))).string.contains("role needs"))
    #expect(fault(one.permission(.role([" "]))).string.contains("role needs"))
    for version in ["", " ", "0.0.0"] as [ByteText] {
      #expect(fault(none.version(version)).string.contains("version must be"), "\(version)")
    }
    for name in ["", " ", "\t\n"] as [ByteText] {
      #expect(fault(Endpoint(name) { 1 }).string.contains("the request type must be a non-empty string"))
      #expect(fault(none, service: name).string.contains("service must be a non-empty string"))
      #expect(
        fault(Endpoint("a", Argument(name, String.self)) { id in id }).string.contains(
          "must not hold an empty name"))
    }
    let hidden = FunctionReference("Hooks", "nowhere")
    #expect(
      fault(none.setting { $0.beforeExecute = hidden }).string.contains(
        "beforeExecute Hooks.nowhere is not registered"))
    #expect(
      fault(none.setting { $0.permissionCallback = hidden }).string.contains(
        "permissionCallback Hooks.nowhere is not registered"))
    #expect(throws: ConfigStoreError.self) { try gateway.register(ServiceEndpoints(" ") {}) }
    #expect(gateway.configs.count == 0)
    #expect(fault(one.permission(.argument("id"))) == "taken")
  }

  @Test("a stream that has no connection is listed, and stopped by its request's id")
  func streams() async throws {
    let fixture = try GatewayFixture()
    let gateway = fixture.gateway
    let hasBegun = Atomic(false)
    let isOver = Atomic(false)
    try gateway.register(
      Endpoint(
        streaming: "wait",
        stream: { stream in
          hasBegun.store(true, ordering: .sequentiallyConsistent)
          do { try await Task.sleep(for: .seconds(3_600)) } catch {
            isOver.store(stream.isOver, ordering: .sequentiallyConsistent)
          }
        }), service: "svc")
    #expect(await answer(gateway, "wait")?.result == "init")
    // One that is stopped before it begins is never called.
    try await eventually {
      gateway.activeStreams().count == 1 && hasBegun.load(ordering: .sequentiallyConsistent)
    }
    #expect(gateway.activeStreams().first?.connection == 0)
    #expect(gateway.currentState().sockets.open == 0)
    #expect(!gateway.stopStream(requestID: "other"))
    #expect(gateway.stopStream(requestID: "r"))
    try await eventually { isOver.load(ordering: .sequentiallyConsistent) }
    try await eventually { gateway.activeStreams().isEmpty }
    #expect(!gateway.stopStream(requestID: "r"))
  }

  @Test("a gateway that has ended refuses, and says that it may be asked again")
  func ended() async throws {
    let fixture = try GatewayFixture()
    let gateway = fixture.gateway
    try gateway.register(
      ServiceEndpoints("svc") {
        Endpoint("a") { 1 }
        Endpoint("later") { 1 }.asynchronous
      })
    #expect(await answer(gateway, "a")?.result == 1)
    let run = Task { try await gateway.run() }
    await fixture.clock.waitForSleepers()
    #expect(await answer(gateway, "a")?.result == 1)
    run.cancel()
    try await run.value
    let connection = fixture.connect()
    for type in ["a", "later", "unknown"] as [ByteText] {
      let refused = await answer(gateway, type)
      #expect(refused?.error == "Service temporarily unavailable" && refused?.canRetry == true)
      let payload: Value = ["service": "svc", "request_type": .string(type), "request_id": "r"]
      _ = await gateway.handle(payload, from: ClientIdentity(), on: connection)
      #expect(connection.responses.last?.error == "Service temporarily unavailable")
    }
    #expect(fixture.events().compactMap(\.stop).last?.outcome == .draining)
  }

  @Test("a request on a connection that is gone is told that, and not that its id is in use")
  func goneConnection() async throws {
    let fixture = try GatewayFixture()
    try fixture.gateway.register(
      Endpoint(streaming: "wait", stream: { _ in try await Task.sleep(for: .seconds(3_600)) }), service: "svc"
    )
    let connection = fixture.connect()
    let request = Request(service: "svc", requestType: "wait", requestID: "r")
    #expect(await fixture.gateway.execute(request, on: connection)?.result == "init")
    let second = await fixture.gateway.execute(request, on: connection)
    #expect(second?.error == "a request with the id r is running on this connection")
    fixture.gateway.connectionClosed(connection.connectionID, reason: "closed")
    #expect(await fixture.gateway.execute(request, on: connection)?.error == "The connection is closed")
    let stranger = TestConnection(fixture.gateway.newConnectionID())
    #expect(await fixture.gateway.execute(request, on: stranger)?.error == "The connection is closed")
  }
}
