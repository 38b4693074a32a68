import ErlangTerms
import GenAPITelemetry
import OutsideText
import Testing

@testable import GenAPIAttach

struct AttachedEventTests {
  private func event(
    _ name: EventName, _ measurements: [(ByteText, Int64)] = [], _ metadata: [(ByteText, Term)] = [],
    about: Term = .atom("nil")
  ) -> Term {
    .tuple([
      .integer(Int64(name.rawValue)), .integer(5_000_000), .atom("pid"),
      .list(measurements.map { .tuple([.atom($0.0), .integer($0.1)]) }),
      .list(metadata.map { .tuple([.atom($0.0), $0.1]) }), about,
    ])
  }

  @Test("each event of the catalogue is told under its own name")
  func everyEvent() throws {
    for name in EventName.catalogue where name != .configPullException {
      let telemetry = try #require(AttachedEvent(event(name))?.telemetry, "\(name)")
      #expect(telemetry.name == name)
    }
  }

  @Test("a stop names its request, and whether it went well")
  func stop() throws {
    let term = event(
      .executorRequestStop, [("duration_us", 42)],
      [
        ("request_id", .text("r1")), ("service", .atom("users")), ("request_type", .text("get")),
        ("user_id", .atom("nil")),
        ("success", .atom("false")), ("async", .atom("false")),
      ])
    guard case .requestStop(let stop)? = AttachedEvent(term)?.telemetry else {
      Issue.record("no stop")
      return
    }
    #expect(stop.durationUs == 42 && stop.outcome == nil && !stop.isAsync)
    #expect(
      stop.request.requestID == "r1" && stop.request.function.service == "users" && stop.request.userID == nil
    )
  }

  @Test(
    "an end tells how the agent counted it: refused, timed out, bad arguments; and nothing where nobody can tell"
  )
  func outcomes() throws {
    func ending(_ name: EventName, _ outcome: RequestOutcome?, _ success: ByteText = "false") throws
      -> RequestOutcome?
    {
      var measurements: [(ByteText, Int64)] = []
      if let outcome { measurements.append(("outcome", Int64(outcome.index))) }
      let term = event(name, measurements, [("success", .atom(success))])
      switch try #require(AttachedEvent(term)?.telemetry) {
      case .requestStop(let stop): return stop.outcome
      case .requestException(let exception): return exception.outcome
      default: return nil
      }
    }
    for outcome in [RequestOutcome.rateLimited, .timeout, .error, .unavailable, .unreachable] {
      #expect(try ending(.executorRequestStop, outcome) == outcome)
    }
    #expect(try ending(.executorRequestStop, nil) == nil && ending(.executorRequestStop, nil, "true") == .ok)
    #expect(try ending(.executorRequestException, .invalidArguments) == .invalidArguments)
    #expect(try ending(.executorRequestException, .exception) == nil, "as its name says")
    let strange = event(.executorRequestStop, [("outcome", 99)], [("success", .atom("false"))])
    guard case .requestStop(let stop)? = AttachedEvent(strange)?.telemetry else { return }
    #expect(stop.outcome == nil)
  }

  @Test("an event without ids is that of the request which its process runs")
  func about() throws {
    let term = event(
      .executorRetry, [("attempt", 2)], [("mode", .atom("same_node")), ("type", .atom("local"))],
      about: .tuple([.text("r1"), .text("users"), .text("get")]))
    let retry = try #require(AttachedEvent(term)?.telemetry)
    #expect(retry.request?.requestID == "r1" && retry.service == "users" && retry.requestType == "get")
  }

  @Test("terms that are no event are skipped")
  func hostile() {
    for term in [
      .atom("x"), .tuple([]), .tuple(Array(repeating: .integer(200), count: 6)),
      .tuple(Array(repeating: .integer(-1), count: 6)), .tuple(Array(repeating: .integer(.max), count: 6)),
    ] as [Term] {
      #expect(AttachedEvent(term) == nil)
    }
    #expect(AttachedEvent(.tuple(Array(repeating: .integer(3), count: 6)))?.telemetry?.name == .executorRetry)
  }

  @Test(
    "an event of a refusal names the limit, its window and the client's own key, which the library does not tell apart"
  )
  func refusals() throws {
    let user = try #require(
      AttachedLimit([.atom("s:1"), .text("t"), .atom("user_id"), .integer(2), .integer(60_000)]))
    let global = try #require(
      AttachedLimit([.atom("nil"), .atom("nil"), .atom("device_id"), .integer(5), .integer(1_000)]))
    let who: [(ByteText, Term)] = [("request_id", .text("r")), ("user_id", .text("u_1"))]
    let wrong = Term.tuple([.text("s"), .text("1")])
    func refusal(_ key: ByteText, _ scope: Term, _ most: Int64) throws -> RateLimitExceeded? {
      var event = try #require(
        AttachedEvent(
          self.event(
            .rateLimiterExceeded, [("retry_after_ms", 9)],
            who + [("key", .text(key)), ("scope", scope), ("max_requests", .integer(most))],
            about: .tuple([.text("r"), .text("s:1"), .text("t")]))))
      event.limits = [user, global]
      guard case .rateLimitExceeded(let exceeded)? = event.telemetry else { return nil }
      return exceeded
    }
    let first = try #require(try refusal("s:1:t:u_1", wrong, 2))
    #expect((first.key, first.keyValue, first.windowMs, first.scope) == ("user_id", "u_1", 60_000, "s:1/t"))
    #expect(first.request.function == FunctionIdentity(service: "s:1", requestType: "t"))
    let second = try #require(try refusal("tablet", .atom("global"), 5))
    #expect(
      (second.key, second.keyValue, second.windowMs, second.scope) == ("device_id", "tablet", 1_000, "global")
    )
    var check = try #require(
      AttachedEvent(
        event(
          .rateLimiterCheck, [],
          who + [
            ("service", .text("s:1")), ("request_type", .text("t")), ("result", .atom("rate_limited")),
            (
              "limit",
              .list([
                .tuple([.atom("key"), .text("s:1:t:u_1")]), .tuple([.atom("scope"), wrong]),
                .tuple([.atom("max_requests"), .integer(2)]), .tuple([.atom("window_ms"), .integer(60_000)]),
              ])
            ),
          ])))
    check.limits = [user, global]
    guard case .rateLimitCheck(let told)? = check.telemetry else {
      Issue.record("no check")
      return
    }
    #expect(told.key == "user_id" && told.scope == "s:1/t" && told.result == .rateLimited)
  }
}
