import GenAPITesting
import TestExtremes
import Testing

private struct User: Codable, Equatable, Sendable {
  var id: String
  var name: String
}

/// The samples of the article, run. What stands between the marks is in the article word for word.
@Suite("Samples of the article on testing")
struct TestingSamples {
  private let users = ServiceEndpoints("user_service") {
    Endpoint("get_user", Argument("user_id", String.self)) { id in User(id: id, name: "Alice") }
    Endpoint("mine") { "yours" }.permission(.anyAuthenticated)
    Endpoint("report") { "done" }.asynchronous
    Endpoint(streaming: "count", Argument("to", Int.self, min: 1, max: 1_000)) { stream, to in
      for number in 1...to { try await stream.send(number) }
    }
  }

  @Test("a call and its result")
  func call() async throws {
    let users = users
    // sample: a call
    let gateway = try Gateway(configuration: GatewayConfiguration(node: "test"))
    try gateway.register(users)
    let user = try await gateway.call("user_service", "get_user", ["user_id": "u1"], as: User.self)
    // end
    #expect(user == User(id: "u1", name: "Alice"))
    // sample: who calls
    let ann = ClientIdentity(userID: "ann", roles: ["admin"])
    let mine = try await gateway.call("user_service", "mine", as: String.self, by: ann)
    let refused = await gateway.response("user_service", "mine")
    // refused.error: Permission denied
    // end
    #expect(mine == "yours")
    #expect(refused.error == "Permission denied")
    // sample: an asynchronous function, and a stream
    let report = try await gateway.call("user_service", "report", as: String.self)
    let numbers = try await gateway.parts("user_service", "count", ["to": 3], as: Int.self)
    // end
    #expect(report == "done")
    #expect(numbers == [1, 2, 3])
    await gateway.callWithExtremes()
  }

  @Test("an inbox")
  func inbox() async throws {
    let gateway = try Gateway(configuration: GatewayConfiguration(node: "test"))
    try gateway.register(users)
    // sample: an inbox
    let connection = gateway.connect(as: ClientIdentity(userID: "ann"))
    await gateway.send("user_service", "count", ["to": 2], from: connection)
    let beginning = try await connection.next()
    let first = try await connection.next().decode(Int.self)
    gateway.disconnect(connection)
    // end
    #expect(beginning.result == "init")
    #expect(first == 1)
  }

  @Test("time that is moved")
  func time() async throws {
    // sample: time
    let clock = VirtualClock()
    let gateway = try Gateway(configuration: GatewayConfiguration(node: "test"), clock: clock)
    try gateway.register(
      Endpoint(performing: "slow") { try await clock.sleep(for: .seconds(60)) }.timeout(.seconds(5)),
      service: "jobs")
    async let response = gateway.response("jobs", "slow")
    await clock.waitForSleepers(2)  // the function, and what ends it
    clock.advance(by: .seconds(5))
    let error = await response.error
    // error: Internal Server Error
    // end
    #expect(error == "Internal Server Error")
  }

  @Test("events")
  func events() async throws {
    let gateway = try Gateway(configuration: GatewayConfiguration(node: "test"))
    try gateway.register(users)
    // sample: events
    let events = try RecordedEvents(gateway.bus)
    _ = await gateway.response("user_service", "get_user", ["user_id": "u1"])
    let requests = events.names.filter { $0.hasPrefix("executor.request") }
    // end
    #expect(requests == ["executor.request.start", "executor.request.stop"])
    #expect(events.take().count >= 2)
    #expect(events.all.isEmpty)
    events.stop()
    _ = await gateway.response("user_service", "get_user", ["user_id": "u1"])
    #expect(events.all.isEmpty)
  }

  @Test("nodes that go down")
  func cluster() async throws {
    // sample: nodes
    let clock = VirtualClock()
    let cluster = InMemoryCluster(clock: clock)
    let gateway = try Gateway(
      configuration: GatewayConfiguration(node: "test"), remote: cluster, clock: clock)
    let orders = ServiceEndpoints("orders") { Endpoint("count") { 7 } }
    let nodes: [ByteText] = ["orders@host1", "orders@host2"]
    for node in nodes {
      let functions = FunctionRegistry()
      for endpoint in orders.endpoints { functions.register(endpoint, service: "orders") }
      cluster.add(node, functions)
    }
    for config in orders.configs(nodes: .list(nodes)) { try gateway.configs.add(config) }
    cluster.setUp("orders@host1", false)
    let count = try await gateway.call("orders", "count", as: Int.self)
    // end
    #expect(count == 7)
  }
}
