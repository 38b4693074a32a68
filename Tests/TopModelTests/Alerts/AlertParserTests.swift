import GenAPITelemetry
import GenAPIValue
import TestRandom
import Testing

@testable import TopModel

@Suite("Alert expressions")
struct AlertParserTests {
  @Test(
    "what people write is understood",
    arguments: [
      "p99(order_service) > 250ms for 30s", "p99 < 250ms", "error%(svc) > 5 for 10s", "rejects > 5/s",
      "rps(svc/type) < 1", "breaker open", "node down", "config mismatch", "lost > 0", "no breaker open",
      "breaker open(async_*) for 5s", "p95(*/*)>=1s over 5m for 2m", "  ERROR%( a b ) <= 0.5% ",
      "memory(gw*) > 300MB", "cpu% > 80", "inflight > 1.5k", "pull failing",
    ])
  func understood(_ text: String) throws {
    _ = try AlertExpression(parsing: text)
  }

  @Test("a threshold is in the metric's unit, a hold in seconds, a window one of four")
  func meaning() throws {
    let rule = try AlertExpression(parsing: "p99(a/b*) >= 1.5s for 2m over 10s")
    #expect(rule.test == .metric(.p99, .atLeast, 1_500_000))
    #expect(rule.selector == AlertSelector("a/b*"))
    #expect(rule.holdSeconds == 120)
    #expect(rule.window == .tenSeconds)
    #expect(try AlertExpression(parsing: "rejects > 2k/s").test == .metric(.rejects, .above, 2_000))
    #expect(try AlertExpression(parsing: "no  node down").test == .condition(.nodeDown, isNegated: true))
    #expect(try AlertExpression(parsing: "  p50   > 1ms ").text == "p50 > 1ms")
  }

  @Test("a name may hold what the language uses itself, with a backslash before it")
  func escaped() throws {
    for (written, service, type) in [
      (#"a\/b"#, "a/b", nil), (#"a\/b/c/d"#, "a/b", "c/d"), (#"a\\/c"#, #"a\"#, "c"),
      (#"a\*b/get\)"#, "a*b", "get)"),
      (#"a\b"#, #"a\b"#, nil), (#"a\"#, #"a\"#, nil),
    ] as [(String, ByteText, ByteText?)] {
      // A backslash at the very end would keep the parenthesis.
      if !written.hasSuffix(#"a\"#) || type != nil {
        let rule = try AlertExpression(parsing: "p99(\(written)) > 1s")
        #expect(rule.selector == AlertSelector(written))
        #expect(try AlertExpression(parsing: rule.text) == rule)
      }
      let selector = AlertSelector(written)
      #expect(selector.namesFunctions == (type != nil))
      #expect(selector.matches(service: service, requestType: type ?? "any"), "\(written)")
      #expect(!selector.matches(service: "x" + service, requestType: type ?? "any"))
      if let type {
        #expect(!selector.matches(service: service, requestType: type + "x"))
        #expect(selector.matches(limitScope: FunctionPath.text(service: service, requestType: type)))
      } else {
        #expect(selector.matches(limitScope: FunctionPath.text(service: service, requestType: "any")))
        #expect(selector.matches(name: service))
        #expect(selector.matches(breaker: BreakerState(pool: "p", service: service)))
      }
    }
    #expect(!AlertSelector(#"a\*"#).matches(service: "ab"))
    #expect(AlertSelector("*/*").matches(limitScope: FunctionPath.text(service: "a/b", requestType: "c")))
  }

  @Test(
    "what is not understood is told with its place and what is allowed",
    arguments: [
      ("", 0, "a rule begins with p50"), ("latency > 5ms", 0, "\"latency\" is not a metric or a condition"),
      ("breaker shut", 0, "\"breaker open\""), ("p99(order", 3, "not closed"),
      ("p99() > 1s", 3, "a name is missing"),
      ("p99 250ms", 4, "after p99 comes >, >=, < or <="), ("p99 > 250", 6, "a duration with its unit"),
      ("p99 >", 5, "the end is not"), ("error% > 5ms", 9, "a percentage"), ("rejects > x/s", 10, "a rate"),
      ("p99 > 1s for 1h", 13, "1s to 15m"), ("p99 > 1s for", 12, "1s to 15m"),
      ("p99 > 1s for 0s", 13, "1s to 15m"),
      ("p99 > 1s over 2m", 14, "10s, 1m, 5m or 15m"), ("node down for 5s for 5s", 17, "each once"),
      ("node down and breaker open", 10, "the rule may end"), ("memory > 5", 9, "300MB"),
    ])
  func refused(_ text: String, _ place: Int, _ part: String) {
    #expect {
      try AlertExpression(parsing: text)
    } throws: { error in
      guard let error = error as? AlertError else { return false }
      return error.range.lowerBound == place && error.message.contains(part)
    }
  }

  @Test("whatever is written either parses, and then again from its own text, or is refused within the text")
  func fuzz() {
    let pieces = [
      "p99", "p50", "error%", "rejects", "rps", "lost", "breaker", "open", "node", "down", "no", "config",
      "mismatch",
      "(", ")", "*", "/", ">", "<", ">=", "<=", "=", "5", "250ms", "1s", "5/s", "-1", "1e309", "nan",
      "99999999999999999999",
      "for", "over", "30s", "1m", "15m", " ", "  ", "\t", "\n", "\u{0}", "é", "🇩🇪", "\u{301}", ".", "%", "\"",
    ]
    var random = SeededRandom(seed: 11)
    var understood = 0
    for _ in 0..<20_000 {
      let count = Int(random.next() % 9)
      // Half of them begin like a rule.
      let start =
        random.next() % 2 == 0 ? "" : ["p99 > 250ms ", "node down ", "rps(a/b) < 1 "][Int(random.next() % 3)]
      let text =
        start
        + (0..<count).map { _ in pieces[Int(random.next() % UInt64(pieces.count))] }
        .joined(separator: random.next() % 2 == 0 ? " " : "")
      do throws(AlertError) {
        let rule = try AlertExpression(parsing: text)
        understood += 1
        let again = try AlertExpression(parsing: rule.text)
        #expect(
          again.test == rule.test && again.holdSeconds == rule.holdSeconds && again.window == rule.window)
      } catch {
        #expect(error.range.lowerBound <= text.count && !error.message.isEmpty)
      }
    }
    #expect(understood > 200)
  }

  @Test("every default rule is understood")
  func defaults() {
    #expect(AlertRule.defaults.map(\.expression.text) == AlertRule.defaultTexts)
  }
}
