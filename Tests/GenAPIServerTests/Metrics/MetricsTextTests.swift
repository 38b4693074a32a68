import GenAPIGateway
import GenAPITelemetry
import Testing

@testable import GenAPIServer

@Suite("The metrics")
struct MetricsTextTests {
  /// What a reader makes of a label's text; nil where a quote or a line ends it early.
  private func unescaped(_ text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\n"): return nil
      case UInt8(ascii: "\\"):
        switch rest.popFirst() {
        case UInt8(ascii: "n"): bytes.append(UInt8(ascii: "\n"))
        case let next? where next == UInt8(ascii: "\\") || next == UInt8(ascii: "\""): bytes.append(next)
        default: return nil
        }
      default: bytes.append(byte)
      }
    }
    return bytes
  }

  @Test("any text in a label is read back byte for byte, whatever characters its bytes make together")
  func labels() {
    let pieces = ["\"", "\\", "\n", "\r", "\u{301}", "\u{200D}", "n", "é", ""]
    for a in pieces {
      for b in pieces {
        for c in pieces {
          let text = a + b + c
          #expect(unescaped(MetricsWriter.escaped(text, quotes: true)) == Array(text.utf8), "\(text.utf8)")
        }
      }
    }
  }

  private var state: GatewayState {
    var state = GatewayState()
    var latency = LatencyHistogram()
    latency.record(1_500)
    state.series = [
      SeriesState(
        service: "s\"\u{301}", requestType: "a\\b\nc", version: nil, requests: 3,
        outcomes: ["ok": 2, "error": 1], retries: 1, latency: latency)
    ]
    state.pools = [
      PoolState(
        name: "p", workers: 4, busy: 1, openWorkers: 2, executed: 5, failed: 2, rejected: 1, shareRejected: 1)
    ]
    state.breakers = [
      BreakerState(pool: "p"), BreakerState(pool: "p", service: "s", node: "n", state: .open),
      BreakerState(pool: "p", service: "t", state: .halfOpen),
    ]
    state.sockets.refusedCalls = 4
    state.totals.events = ["genapi.request.stop": 7]
    return state
  }

  @Test(
    "a family is called as its samples are in the older form, and has its suffix, unit and end in OpenMetrics"
  )
  func forms() {
    var server = ServerState()
    server.breakerRefusals = [
      BreakerRefusals(pool: "p", scope: .pool, count: 2),
      BreakerRefusals(pool: "p", scope: .service, service: "s", node: "n", count: 7),
    ]
    let old = MetricsText.make(state, server: server, .prometheus)
    let new = MetricsText.make(state, server: server, .openMetrics)
    let sample =
      #"genapi_requests_total{service="s\"\#u{301}",request_type="a\\b\nc",version="",outcome="error"} 1"#
    for text in [old, new] {
      let lines = text.utf8.split(separator: UInt8(ascii: "\n")).map { String(Substring($0)) }
      #expect(lines.contains { $0.utf8.elementsEqual(sample.utf8) })
      #expect(lines.contains(#"genapi_telemetry_events_total{event="genapi.request.stop"} 7"#))
      #expect(lines.contains(#"genapi_pool_tasks_total{pool="p",end="ok"} 3"#))
      #expect(lines.contains(#"genapi_pool_share_rejections_total{pool="p"} 1"#))
      #expect(lines.contains(#"genapi_service_circuit_open{pool="p",service="s",node="n"} 1.0"#))
      #expect(lines.contains(#"genapi_service_circuit_open{pool="p",service="t",node=""} 0.5"#))
      for (state, count) in [("busy", 1), ("idle", 1), ("open", 2)] {
        #expect(lines.contains(#"genapi_pool_workers{pool="p",state="\#(state)"} \#(count)"#))
      }
      #expect(lines.contains(#"genapi_circuit_rejections_total{pool="p",scope="pool",service="",node=""} 2"#))
      #expect(
        lines.contains(#"genapi_circuit_rejections_total{pool="p",scope="service",service="s",node="n"} 7"#))
      #expect(lines.contains("genapi_calls_refused_total 4"))
      #expect(lines.contains { $0.utf8.starts(with: "genapi_request_duration_seconds_bucket".utf8) })
    }
    #expect(old.contains("# TYPE genapi_requests_total counter\n") && !old.contains("# EOF"))
    #expect(new.contains("# TYPE genapi_requests counter\n") && new.hasSuffix("# EOF\n"))
    #expect(!old.contains("# UNIT") && new.contains("# UNIT process_cpu_seconds seconds\n"))
  }

  @Test("every family says what it counts, once")
  func help() {
    for format in MetricsFormat.allCases {
      let lines = MetricsText.make(state, format).utf8.split(separator: UInt8(ascii: "\n"))
        .map { String(Substring($0)) }
      let helps = lines.filter { $0.hasPrefix("# HELP ") }.map { $0.split(separator: " ", maxSplits: 3) }
      let types = lines.filter { $0.hasPrefix("# TYPE ") }.map { $0.split(separator: " ", maxSplits: 3) }
      #expect(helps.map { $0[2] } == types.map { $0[2] } && Set(helps.map { $0[2] }).count == helps.count)
      #expect(helps.allSatisfy { $0.count == 4 && $0[3].utf8.count > 20 })
    }
  }

  @Test("who asks for OpenMetrics gets it, everybody else the form that all readers know")
  func negotiation() {
    let cases: [(accept: String, format: MetricsFormat)] = [
      ("", .prometheus), ("*/*", .prometheus), ("text/plain;version=0.0.4", .prometheus),
      ("text/html,application/xhtml+xml,*/*;q=0.8", .prometheus),
      ("application/openmetrics-text", .openMetrics),
      (
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
        .openMetrics
      ),
      ("Application/OpenMetrics-Text ; version=1.0.0 , */*;q=0.1", .openMetrics),
      ("application/openmetrics-text;q=0.2,text/plain;q=0.9", .prometheus),
      ("application/openmetrics-text;q=0", .prometheus),
      ("application/openmetrics-text;q=\"\u{301}", .openMetrics),
      (";;,,;q", .prometheus),
    ]
    for (accept, format) in cases { #expect(MetricsFormat(accept: accept) == format, "\(accept)") }
  }
}
