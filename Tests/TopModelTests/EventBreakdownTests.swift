import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import Testing

@testable import TopModel

@Suite("What events tell of requests")
struct EventBreakdownTests {
  private func end(
    _ number: Int64, node: ByteText?, user: ByteText, outcome: ByteText = "ok", took: Int64 = 1_000,
    error: ByteText? = nil
  ) -> EventRow {
    var metadata: ValueObject = [
      "request_id": .string("r\(number)"), "service": "orders", "request_type": "create",
      "user_id": .string(user),
      "outcome": .string(outcome),
    ]
    if let node { metadata["node_called"] = .string(node) }
    if let error { metadata["error"] = .string(error) }
    return EventRow(
      node: "gw1",
      record: EventRecord(
        sequence: number, at: number * 1_000_000, name: EventName.executorRequestStop.path,
        measurements: ["duration_us": .int(took)], metadata: metadata))
  }

  @Test(
    "a slow node, the user who is refused and the error stand first, with how many there are and since when")
  func parts() {
    let rows =
      (1...4).map { end($0, node: "fast@a", user: "u_1") }
      + (5...6).map { end($0, node: "slow@b", user: "u_2", took: 900_000) }
      + [
        end(7, node: nil, user: "u_9", outcome: "rate_limited"),
        end(8, node: "slow@b", user: "u_2", outcome: "error", error: "no stock"),
      ]
    let view = EventBreakdown(rows)
    #expect(view.since == 1_000_000)
    #expect(view.requests == 8 && view.failed == 1 && view.refused == 1)
    #expect(view.nodes.map(\.name) == ["slow@b", "fast@a"])
    #expect(view.nodes.first?.requests == 3 && view.nodes.first?.p50 == 900_000)
    #expect(view.users.prefix(2).map(\.name) == ["u_2", "u_9"])
    #expect(Set(view.errors.map(\.name)) == ["no stock", "rate_limited"])
    // What went wrong first, the latest before the others.
    #expect(view.ends.prefix(3).map(\.record.sequence) == [8, 7, 6])
  }

  @Test("events that go back further than the window say how many requests are of it, and others do not")
  func window() {
    let rows = (1...9).map { end($0, node: "a", user: "u", outcome: $0 == 2 || $0 == 8 ? "error" : "ok") }
    let view = EventBreakdown(rows, windowFrom: 5_000_000)
    #expect(view.requests == 9 && view.failed == 2)
    #expect(view.inWindow == EventBreakdown.Ends(requests: 5, failed: 1, refused: 0))
    #expect(EventBreakdown(rows, windowFrom: 1_000_000).inWindow == nil)
    #expect(EventBreakdown(rows).inWindow == nil && EventBreakdown([], windowFrom: 5).inWindow == nil)
    var fixture = ModelFixture()
    fixture.tick()
    #expect(fixture.model.windowBegin(ViewSettings()) == fixture.now - 60_000_000)
  }

  @Test(
    "errors that differ only in the seconds to wait are one row with a count; a status tells errors apart")
  func waits() {
    let texts = [
      "Rate limit exceeded. Please retry after 4 seconds.",
      "Rate limit exceeded. Please retry after 5 seconds.",
      "Rate limit exceeded. Please retry after 1 second.", "HTTP 503", "HTTP 404", "no answer within 1.5s",
      "no answer within 900ms", "v2 s3 is gone",
    ]
    let rows = texts.enumerated().map { index, text in
      end(Int64(index), node: nil, user: "u", outcome: "error", error: ByteText(text))
    }
    let counts = Dictionary(
      uniqueKeysWithValues: EventBreakdown(rows).errors.map { ($0.name.string, $0.requests) })
    #expect(
      counts == [
        "Rate limit exceeded. Please retry after … seconds.": 2,
        "Rate limit exceeded. Please retry after … second.": 1, "HTTP 503": 1, "HTTP 404": 1,
        "no answer within …s": 1, "no answer within …ms": 1, "v2 s3 is gone": 1,
      ])
    #expect(ErrorCause.text("") == "" && ErrorCause.text("7") == "7" && ErrorCause.text("3 s") == "… s")
  }

  @Test("an end whose outcome nobody told is a failure called unknown, and an exception is one of its own")
  func untold() throws {
    func row(_ number: Int64, _ name: EventName, _ metadata: ValueObject) -> EventRow {
      var metadata = metadata
      metadata["service"] = "orders"
      metadata["request_type"] = "create"
      return EventRow(
        node: "gw1", record: EventRecord(sequence: number, at: number, name: name.path, metadata: metadata))
    }
    let rows = [
      row(1, .executorRequestStop, ["success": false]),
      row(2, .executorRequestStop, ["success": true, "outcome": "ok"]),
      row(3, .executorRequestException, ["kind": "error", "reason": "boom"]),
      row(4, .executorRequestStop, ["success": false, "outcome": "rate_limited"]),
      row(5, .executorRequestException, ["kind": "error", "outcome": "invalid_arguments"]),
      row(6, .rateLimiterCheck, ["result": "ok"]),
    ]
    let view = EventBreakdown(rows)
    #expect(view.requests == 5 && view.failed == 3 && view.refused == 1)
    #expect(Set(view.errors.map(\.name)) == ["unknown", "boom", "rate_limited", "invalid_arguments"])
    func found(_ filter: String) throws -> [Int64] {
      let filter = try FilterExpression(parsing: filter)
      return rows.filter { filter.matches($0) }.compactMap(\.record.sequence)
    }
    #expect(try found("status:rejected") == [4])
    #expect(try found("status:error") == [1, 3, 5])
  }

  @Test("a request that ended because something threw is counted with its user, its function and its reason")
  func exceptions() {
    let thrown = EventRecord(
      sequence: 9, at: 9_000_000, name: EventName.executorRequestException.path,
      measurements: ["duration_us": 5_000],
      metadata: [
        "request_id": "r9", "service": "orders", "request_type": "create", "user_id": "u_1", "kind": "error",
        "reason": "no such key",
      ])
    #expect(thrown.endsRequest && thrown.outcome == .exception && thrown.outcomeName == "exception")
    let view = EventBreakdown([end(1, node: "a@b", user: "u_1"), EventRow(node: "gw1", record: thrown)])
    #expect(view.requests == 2 && view.failed == 1 && view.refused == 0)
    #expect(view.functions.first?.failed == 1 && view.users.first?.requests == 2)
    #expect(view.errors.map(\.name) == ["no such key"])
    #expect(view.ends.map(\.record.sequence) == [9, 1])
    // What a pool or a hook threw is no end of a request.
    let task = EventRecord(
      sequence: 8, at: 8_000_000, name: EventName.workerPoolTaskException.path, metadata: ["user_id": "u_1"])
    #expect(!task.endsRequest && task.outcome == nil)
    // A breaker's page shows the calls that threw before it opened.
    let breaker = EventSearch.Query.breaker(service: "orders", pool: "async_pool", until: .max)
    #expect(breaker.passes(EventRow(node: "gw1", record: thrown)))
  }

  @Test("an outcome of a newer gateway ends a request, and is told by its name")
  func newOutcome() {
    let view = EventBreakdown([end(1, node: "a@b", user: "u_1", outcome: "postponed")])
    #expect(view.requests == 1 && view.failed == 0 && view.errors.map(\.name) == ["postponed"])
  }

  @Test("nothing is made up where no event is kept")
  func nothing() {
    let view = EventBreakdown([])
    #expect(view.since == nil && view.requests == 0 && view.nodes.isEmpty)
  }

  @Test("the events of a function, of a user and of a breaker are found among all, up to the moment shown")
  func found() {
    var fixture = ModelFixture()
    fixture.tick()
    func fold(_ record: EventRecord) { fixture.model.fold(.frame(.event(record)), of: 0, at: record.at) }
    let start = fixture.now
    fold(.stop(1, at: start, service: "users", type: "get", outcome: "error", user: "u_1"))
    fold(.stop(2, at: start + 1, service: "orders", type: "create", user: "u_2"))
    fold(
      EventRecord(
        sequence: 3, at: start + 2, name: EventName.workerPoolTaskRejected.path,
        metadata: ["pool_name": "async_pool", "service": "orders", "request_type": "create"]))
    fold(.stop(4, at: start + 3, service: "users", type: "get", user: "u_2"))
    let views = ViewCache()
    var settings = ViewSettings()
    func numbers(_ found: FoundEvents) -> [Int64] { found.rows.map(\.record.sequence) }
    #expect(
      numbers(views.functionEvents(fixture.model, service: "users", requestType: "get", settings)) == [1, 4])
    #expect(numbers(views.userEvents(fixture.model, user: "u_2", settings)) == [2, 4])
    #expect(
      numbers(views.breakerEvents(fixture.model, pool: "async_pool", service: nil, settings)) == [1, 3])
    #expect(
      numbers(views.breakerEvents(fixture.model, pool: "async_pool", service: "orders", settings)) == [3])
    settings.moment = .at(start + 2)
    #expect(numbers(views.userEvents(fixture.model, user: "u_2", settings)) == [2])
  }

  @Test("a pool is to blame only for calls that one of its events names, and for tasks that failed in it")
  func poolFailures() {
    func row(_ number: Int64, _ name: EventName, _ metadata: ValueObject) -> EventRow {
      EventRow(
        node: "gw1", record: EventRecord(sequence: number, at: number, name: name.path, metadata: metadata))
    }
    func end(_ number: Int64, _ request: ByteText) -> EventRow {
      row(
        number, .executorRequestStop,
        ["request_id": .string(request), "success": false, "outcome": "timeout"])
    }
    let rows = [
      end(1, "elsewhere"),
      row(2, .workerPoolTaskException, ["pool_name": "p", "request_id": "in_it", "worker": 3]),
      end(3, "in_it"),
      row(4, .workerPoolTaskException, ["pool_name": "p", "request_id": "", "service": "", "worker": 4]),
      row(5, .workerPoolTaskStop, ["pool_name": "p", "request_id": "well", "worker": 3]),
      end(6, ""),
    ]
    func numbers(_ worker: Int? = nil, on gateway: ByteText = "gw1", until: Int64 = .max) -> [Int64] {
      PoolFailures.rows(rows, on: gateway, worker: worker, until: until).map(\.record.sequence)
    }
    #expect(numbers() == [3, 4])
    #expect(numbers(4) == [4] && numbers(3) == [3] && numbers(9) == [])
    #expect(numbers(until: 3) == [3] && numbers(on: "gw2") == [])
    #expect(
      EventBreakdown.functionName(rows[3].record) == nil, "a task that names no function has no empty name")
  }

  @Test(
    "a call is a node's where its end says so, else where its tasks do; what tells of no node may be any's")
  func nodeFailures() {
    func row(_ number: Int64, _ name: EventName, _ request: ByteText, _ more: ValueObject = [:]) -> EventRow {
      var metadata: ValueObject = [
        "request_id": .string(request), "pool_name": "p", "success": false, "outcome": "timeout",
      ]
      for (key, value) in more { metadata[key] = value }
      return EventRow(
        node: "gw1", record: EventRecord(sequence: number, at: number, name: name.path, metadata: metadata))
    }
    let rows = [
      row(1, .workerPoolTaskException, "a"), row(2, .executorRequestStop, "a", ["node_called": "n1"]),
      row(3, .workerPoolTaskException, "b"), row(4, .executorRequestStop, "b"),
      row(5, .workerPoolTaskRejected, "c", ["node": "n1"]), row(6, .executorRequestStop, "c"),
      row(7, .workerPoolTaskRejected, "d", ["node": "n1"]), row(8, .workerPoolTaskException, "d"),
      row(9, .executorRequestStop, "d", ["node_called": "n2"]), row(10, .workerPoolTaskException, "e"),
    ]
    func numbers(_ node: ByteText?) -> [Int64] {
      PoolFailures.rows(rows, on: "gw1", node: node).map(\.record.sequence)
    }
    #expect(numbers(nil) == [2, 4, 6, 9, 10])
    #expect(numbers("n1") == [2, 4, 6, 10])
    #expect(numbers("n2") == [4, 9, 10])
  }

  @Test("users are known by who was refused most, then by the newest events")
  func users() {
    var fixture = ModelFixture()
    fixture.tick { state, _ in
      state.limits = [LimitState(id: "l", scope: "global", key: "user_id", maxRequests: 9, windowMs: 1_000)]
      state.hotKeys = [
        HotKeyState(limit: "l", keyValue: "u_few", used: 9, max: 9, rejections: 2),
        HotKeyState(limit: "l", keyValue: "u_most", used: 9, max: 9, rejections: 192),
        HotKeyState(limit: "l", keyValue: "u_none", used: 1, max: 9),
      ]
    }
    fixture.model.fold(.frame(.event(.stop(1, at: fixture.now, user: "u_seen"))), of: 0, at: fixture.now)
    #expect(fixture.model.knownUsers(ViewSettings()) == ["u_most", "u_few", "u_seen", "u_none"])
  }
}
