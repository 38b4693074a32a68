import ErlangNode
import GenAPIGateway
import GenAPITelemetry
import GenAPIValue
import Synchronization
import TestWaiting
import Testing

@testable import GenAPICluster

/// A gateway and a service in Swift, in one cluster, without epmd.
@Suite("A service node in Swift", .serialized)
struct ServiceNodeTests {
  /// What a function of the service has seen.
  private final class Seen: Sendable {
    let isOver = Atomic(false)
  }

  private func with(
    @EndpointBuilder _ endpoints: () -> [Endpoint],
    _ body: (LocalNode, Gateway, ServiceNode) async throws -> Void
  ) async throws {
    var configuration = LocalNodeConfiguration(name: "gateway@127.0.0.1", cookie: Cookie("secret"))
    configuration.epmd = nil
    configuration.logger.logLevel = .critical
    let gatewayNode = try LocalNode(configuration)
    var settings = GatewayConfiguration(node: "gateway@127.0.0.1")
    settings.logger.logLevel = .critical
    settings.showsErrorDetail = true
    let gateway = try Gateway(configuration: settings, remote: ErlangCluster(node: gatewayNode))
    ConfigService(gateway: gateway).serve(on: gatewayNode)
    try await gatewayNode.start()
    configuration.name = "swift@127.0.0.1"
    configuration.fixedPorts = ["gateway@127.0.0.1": gatewayNode.port ?? 0]
    let service = try ServiceNode(configuration, ServiceEndpoints("swift", endpoints), version: "1.0.0")
    try await service.node.start()
    try await service.push(to: "gateway@127.0.0.1")
    do {
      try await body(gatewayNode, gateway, service)
    } catch {
      await service.node.stop()
      await gatewayNode.stop()
      throw error
    }
    await service.node.stop()
    await gatewayNode.stop()
  }

  private func start(_ gateway: Gateway, _ type: String, on listener: Listener) async -> Response? {
    await gateway.execute(
      Request(service: "swift", requestType: ByteText(type), requestID: ByteText(type)), on: listener)
  }

  private func all(of listener: Listener) async -> [Response] {
    var parts: [Response] = []
    for await response in listener.stream {
      parts.append(response)
      if !response.hasMore { break }
    }
    return parts
  }

  @Test("the parts of a stream reach the client in order, and so does its end, its last part, or its failure")
  func streams() async throws {
    try await with {
      Endpoint(
        streaming: "count",
        stream: { stream in for number in 1...500 { await stream.send(.int(Int64(number))) } })
      Endpoint(streaming: "last", stream: { stream in stream.last("done") })
      Endpoint(
        streaming: "fail",
        stream: { stream in
          await stream.send(1)
          throw FunctionError("no more")
        })
    } _: { _, gateway, service in
      let listener = Listener(gateway)
      #expect(await start(gateway, "count", on: listener)?.result == "init")
      let count = await all(of: listener)
      #expect(count.map(\.result) == (1...500).map { .int(Int64($0)) } + [nil])
      #expect(await start(gateway, "last", on: listener)?.success == true)
      #expect(await all(of: listener).map(\.result) == ["done"])
      #expect(await start(gateway, "fail", on: listener)?.success == true)
      let failed = await all(of: listener)
      #expect(
        failed.count == 2 && failed[0].result == 1 && failed[1].error?.string.contains("no more") == true,
        "\(failed)")
      try await eventually { service.runningStreams == 0 }
    }
  }

  @Test("an endpoint of a service node sees what caused its request")
  func trace() async throws {
    try await with {
      Endpoint(withRequest: "cause", answer: { (request: Request) in request.trace?.parent ?? "none" })
      Endpoint(withRequest: "state", answer: { (request: Request) in request.trace?.state ?? "none" })
    } _: { _, gateway, _ in
      let parent: ByteText = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
      var request = Request(service: "swift", requestType: "cause", requestID: "r")
      #expect(await gateway.execute(request)?.result == "none")
      request.trace = TraceContext(parent: parent, state: "a=b")
      #expect(await gateway.execute(request)?.result == .string(parent))
      request.requestType = "state"
      #expect(await gateway.execute(request)?.result == "a=b")
    }
  }

  @Test("a client that goes ends the function of its stream, which may have nothing to say for hours")
  func gone() async throws {
    let seen = Seen()
    try await with {
      Endpoint(
        streaming: "wait",
        stream: { stream in
          await stream.send(1)
          do { try await Task.sleep(for: .seconds(3_600)) } catch {
            seen.isOver.store(stream.isOver, ordering: .relaxed)
          }
        })
    } _: { _, gateway, service in
      let listener = Listener(gateway)
      #expect(await start(gateway, "wait", on: listener)?.success == true)
      for await part in listener.stream {
        #expect(part.result == 1 && service.runningStreams == 1)
        break
      }
      gateway.connectionClosed(listener.connectionID, reason: "closed")
      try await eventually { service.runningStreams == 0 }
      let isOver = seen.isOver.load(ordering: .relaxed)
      #expect(isOver)
    }
  }

  @Test("a service that goes ends its streams with an error")
  func serviceGone() async throws {
    try await with {
      Endpoint(streaming: "wait", stream: { _ in try await Task.sleep(for: .seconds(3_600)) })
    } _: { _, gateway, service in
      let listener = Listener(gateway)
      #expect(await start(gateway, "wait", on: listener)?.success == true)
      try await eventually { service.runningStreams == 1 }
      await service.node.stop()
      #expect(await all(of: listener).last?.error != nil)
      try await eventually { service.runningStreams == 0 }
    }
  }

  @Test("a service's stream is as fast as its parts can be sent, however many there are")
  func manyParts() async throws {
    try await with {
      Endpoint(
        streaming: "many",
        stream: { stream in for part in 1...2_000 { await stream.send(.int(Int64(part))) } })
    } _: { _, gateway, service in
      let reader = Listener(gateway)
      #expect(await start(gateway, "many", on: reader)?.success == true)
      let parts = await all(of: reader)
      #expect(parts.map(\.result) == (1...2_000).map { .int(Int64($0)) } + [nil])
      try await eventually { service.runningStreams == 0 }
    }
  }

  @Test(
    "a stream without a listener is an error; an endpoint with a hook is refused, as hooks run in the gateway"
  )
  func faults() async throws {
    try await with {
      Endpoint(streaming: "wait", stream: { _ in })
    } _: { gatewayNode, _, service in
      let answer = try await gatewayNode.call(service.node.name, "Elixir.Swift.swift", "wait", [])
      #expect(
        answer
          == .tuple([.atom("error"), .text("Swift.swift.wait streams, and was called without a stream_pid")]))
      await #expect(throws: CallError.self) {
        try await gatewayNode.call(service.node.name, "Elixir.Swift.swift", "other", [])
      }
    }
    let hooked = ServiceEndpoints("swift") { Endpoint("hooked") { 1 }.before { .proceed($0) } }
    #expect(throws: ServiceNodeError.hook(requestType: "hooked")) {
      try ServiceNode(
        LocalNodeConfiguration(name: "swift@127.0.0.1", cookie: Cookie("secret")), hooked, version: "1.0.0")
    }
  }
}
