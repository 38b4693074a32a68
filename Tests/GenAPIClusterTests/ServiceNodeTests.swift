import Dispatch
import ErlangNode
import GenAPIGateway
import GenAPITelemetry
import GenAPIValue
import Locking
import Logging
import ServiceLifecycle
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

  private func ask(_ gateway: Gateway, _ type: ByteText) async -> Response? {
    await gateway.execute(Request(service: "swift", requestType: type, requestID: "r"))
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
    "what is worded for clients reaches them from a node, and nothing else does; so does that it is final")
  func errors() async throws {
    struct DatabaseError: Error {
      var dsn = "postgres://user:pw@db"
    }
    let calls = Atomic(0)
    try await with {
      Endpoint("sold_out") { () async throws -> Int in
        calls.add(1, ordering: .relaxed)
        throw FunctionError("sold out", isFinal: true, isForClient: true)
      }
      .retry(.sameNode(2))
      Endpoint("no") { () async throws -> Int in throw FunctionError("postgres://user:pw@db", isFinal: true) }
      Endpoint("crash") { () async throws -> Int in throw DatabaseError() }
      Endpoint(
        streaming: "stream_no",
        stream: { _ in throw FunctionError("sold out", isFinal: true, isForClient: true) })
      Endpoint(streaming: "stream_fails", stream: { stream in stream.fail("sold out", isForClient: true) })
      Endpoint(streaming: "stream_crash", stream: { _ in throw DatabaseError() })
    } _: { gatewayNode, gateway, service in
      gateway.showsErrorDetail = false
      #expect(await ask(gateway, "sold_out")?.error == "sold out")
      let count = calls.load(ordering: .relaxed)
      #expect(count == 1)
      #expect(await ask(gateway, "no")?.error == "Internal Server Error")
      #expect(await ask(gateway, "crash")?.error == "Internal Server Error")
      for (type, wanted) in [
        ("stream_no", "sold out"), ("stream_fails", "sold out"), ("stream_crash", "Internal Server Error"),
      ] {
        let listener = Listener(gateway)
        _ = await start(gateway, type, on: listener)
        #expect(await all(of: listener).last?.error == ByteText(wanted), "\(type)")
      }
      // A gateway in Elixir does not say that it reads more than a reason, and gets no more.
      for info in [[], [Term.map(TermMap([(key: .atom("request_id"), value: .text("r"))]))]] {
        let answer = try await gatewayNode.call(service.node.name, "Elixir.Swift.swift", "sold_out", info)
        #expect(answer == .tuple([.atom("error"), .text("sold out")]))
      }
    }
  }

  @Test("functions of a node that block their thread stop neither its other calls nor its offloaded ones")
  func blocking() async throws {
    let gate = DispatchSemaphore(value: 0)
    let held = Atomic(0)
    defer { for _ in 0..<1_000 { gate.signal() } }
    @Sendable func hold() -> Int {
      held.add(1, ordering: .relaxed)
      gate.wait()
      return 1
    }
    try await with {
      Endpoint("block") { () async throws -> Int in hold() }.timeout(nil)
      Endpoint("offloaded") { () async throws -> Int in hold() }.timeout(nil).offloaded
      Endpoint("quick") { 1 }
    } _: { _, gateway, _ in
      let calls = (0..<20).map { number in
        Task { await ask(gateway, number % 2 == 0 ? "block" : "offloaded") }
      }
      try await eventually { held.load(ordering: .relaxed) == 20 }
      #expect(await ask(gateway, "quick")?.result == 1)
      for _ in 0..<20 { gate.signal() }
      for call in calls { #expect(await call.value?.result == 1) }
    }
  }

  @Test(
    "a node that is told to shut down ends what runs, and sends what comes elsewhere", .timeLimit(.minutes(5))
  )
  func drains() async throws {
    let gate = StreamRoom()
    gate.set(full: true)
    let running = Atomic(0)
    let endpoints = ServiceEndpoints("swift") {
      Endpoint("slow") { () async throws -> Int in
        running.add(1, ordering: .relaxed)
        await gate.wait()
        return 1
      }
      .timeout(nil)
      Endpoint("quick") { 2 }
      Endpoint(
        streaming: "parts",
        stream: { stream in
          await stream.send(1)
          await gate.wait()
          stream.last(2)
        }
      )
      .timeout(nil)
    }
    var configuration = LocalNodeConfiguration(name: "gateway@127.0.0.1", cookie: Cookie("secret"))
    configuration.epmd = nil
    configuration.logger.logLevel = .critical
    let gatewayNode = try LocalNode(configuration)
    var settings = GatewayConfiguration(node: "gateway@127.0.0.1")
    settings.logger.logLevel = .critical
    let gateway = try Gateway(configuration: settings, remote: ErlangCluster(node: gatewayNode))
    ConfigService(gateway: gateway).serve(on: gatewayNode)
    try await gatewayNode.start()
    configuration.fixedPorts = ["gateway@127.0.0.1": gatewayNode.port ?? 0]
    var services: [ServiceNode] = []
    for name in ["one@127.0.0.1", "two@127.0.0.1"] as [ByteText] {
      configuration.name = name
      services.append(
        try ServiceNode(
          configuration, endpoints, version: "1.0.0",
          alsoOn: ["one@127.0.0.1", "two@127.0.0.1"].filter { $0 != name },
          gateways: ["gateway@127.0.0.1"], verifyInterval: .seconds(1)))
    }
    let groups = services.map { service in
      ServiceGroup(services: [service], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }
    let runs = groups.map { group in Task { try await group.run() } }
    try await eventually { gatewayNode.nodes.count == 2 && gateway.configs.count == 3 }
    let node = services[0].node.name
    let slow = Task { try await gatewayNode.call(node, "Elixir.Swift.swift", "slow", [], timeout: nil) }
    // A stream at each node.
    let listeners = (0..<40).map { _ in Listener(gateway) }
    for listener in listeners { _ = await start(gateway, "parts", on: listener) }
    try await eventually {
      running.load(ordering: .relaxed) == 1 && services.allSatisfy { $0.runningStreams > 0 }
    }
    await groups[0].triggerGracefulShutdown()
    try await eventually {
      do throws(CallError) {
        _ = try await gatewayNode.call(node, "Elixir.Swift.swift", "quick", [])
        return false
      } catch {
        guard case .unreachable = error else { throw error }
        return true
      }
    }
    #expect(
      try await gatewayNode.rpc(node, "Elixir.Swift.swift", "quick", [])
        == .tuple([.atom("badrpc"), .atom("nodedown")]))
    for _ in 0..<20 {
      let response = await gateway.execute(Request(service: "swift", requestType: "quick", requestID: "r"))
      #expect(response?.result == 2)
    }
    #expect(gatewayNode.nodes.contains(node))
    gate.close()
    #expect(try await slow.value == .tuple([.atom("ok"), .integer(1)]))
    for listener in listeners { #expect(await all(of: listener).last?.result == 2) }
    try await runs[0].value
    await groups[1].triggerGracefulShutdown()
    try await runs[1].value
    await gatewayNode.stop()
  }

  @Test(
    "what does not end in its time is ended: calls are lost, and streams are told; so where its run is cancelled",
    arguments: [false, true])
  func drainsInTime(isCancelled: Bool) async throws {
    let holds = Atomic(false)
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
    let service = try ServiceNode(
      configuration,
      ServiceEndpoints("swift") {
        Endpoint(streaming: "wait", stream: { _ in try await Task.sleep(for: .seconds(3_600)) })
        Endpoint(performing: "hold") {
          holds.store(true, ordering: .relaxed)
          try? await Task.sleep(for: .seconds(3_600))
        }
        .timeout(nil)
      }, version: "1.0.0", gateways: ["gateway@127.0.0.1"], drainTimeout: .milliseconds(1))
    let group = ServiceGroup(
      services: [service], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    let run = Task { try await group.run() }
    try await eventually { gateway.configs.count == 2 }
    let listener = Listener(gateway)
    #expect(await start(gateway, "wait", on: listener)?.result == "init")
    let hold = Request(service: "swift", requestType: "hold", requestID: "h")
    let held = Task { await gateway.execute(hold) }
    try await eventually { service.runningStreams == 1 && holds.load(ordering: .relaxed) }
    if isCancelled { run.cancel() } else { await group.triggerGracefulShutdown() }
    #expect(
      await all(of: listener).last?.error == "Service shut down before the answer; it may have been done")
    _ = await run.result
    let lost = await held.value
    #expect(
      lost?.error?.hasPrefix("Service was lost before the answer; it may have been done: swift@127.0.0.1: ")
        == true)
    #expect(lost?.canRetry == false)
    // What comes when it is gone did not run.
    let late = await gateway.execute(hold)
    #expect(late?.error?.hasPrefix("Service temporarily unavailable: ") == true && late?.canRetry == true)
    #expect(service.runningStreams == 0)
    await gatewayNode.stop()
  }

  @Test("endpoints and settings that name nothing, or are out of range, are refused")
  func refused() throws {
    let configuration = LocalNodeConfiguration(name: "swift@127.0.0.1", cookie: Cookie("secret"))
    let good = ServiceEndpoints("swift") { Endpoint("a") { 1 } }
    let faulty = ServiceEndpoints("swift") {
      Endpoint("a") { 1 }.permission(.argument("user_id"))
      Endpoint("a") { 1 }
      Endpoint("b") { 1 }.version("")
    }
    let error = #expect(throws: ServiceNodeError.self) {
      try ServiceNode(configuration, faulty, version: "1.0.0")
    }
    guard case .invalid(let faults)? = error else { return }
    #expect(faults.count == 3, "\(faults)")
    #expect(throws: ServiceNodeError.self) {
      try ServiceNode(configuration, good, version: "1", gateways: ["gateway"])
    }
    #expect(throws: ServiceNodeError.self) { try ServiceNode(configuration, good, version: "1", token: "") }
    for seconds in [.min, 0, .max] as [Int64] {
      #expect(throws: ServiceNodeError.self) {
        try ServiceNode(configuration, good, version: "1", verifyInterval: .seconds(seconds))
      }
    }
    #expect(throws: ServiceNodeError.self) {
      try ServiceNode(configuration, good, version: "1", drainTimeout: .milliseconds(-1))
    }
    #expect(throws: ServiceNodeError.self) {
      try ServiceNode(configuration, good, version: "1", offload: OffloadConfiguration(threads: 0))
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
    #expect(throws: ServiceNodeError.hook(service: "swift", requestType: "hooked")) {
      try ServiceNode(
        LocalNodeConfiguration(name: "swift@127.0.0.1", cookie: Cookie("secret")), hooked, version: "1.0.0")
    }
  }
}
