import Foundation
import GenAPIChannels
import GenAPIGateway
import GenAPITelemetry
import Testing

@testable import GenAPIServer

@Suite("The list of metrics")
struct MetricListTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  @Test("what /metrics has is what the list has, each once, in both forms")
  func whole() {
    for format in MetricsFormat.allCases {
      let types = MetricsText.make(GatewayState(), format).split(separator: "\n")
        .filter { $0.hasPrefix("# TYPE ") }.map { String($0.split(separator: " ")[2]) }
      let names = MetricFamily.all.map {
        $0.kind == .counter && format == .prometheus ? $0.name + "_total" : $0.name
      }
      #expect(types.sorted() == names.sorted())
    }
    for family in MetricFamily.all {
      #expect(family.unit.map { family.name.hasSuffix("_" + $0) } ?? true, "\(family.name)")
      #expect(!family.name.hasSuffix("_total") && !family.title.isEmpty)
    }
  }

  @Test("the dashboard is made of the list")
  func dashboard() throws {
    let file = Self.root.appendingPathComponent("packaging/prometheus/grafana.json")
    let expected = try GrafanaDashboard.json(MetricFamily.all)
    if ProcessInfo.processInfo.environment["UPDATE_DOCS"] != nil {
      try expected.write(to: file, atomically: true, encoding: .utf8)
    } else {
      let written = try String(contentsOf: file, encoding: .utf8) == expected
      #expect(written, "run the tests once with UPDATE_DOCS=1")
    }
  }

  @Test("docs/production.md has every metric with what it says")
  func documentation() throws {
    let file = Self.root.appendingPathComponent("docs/production.md")
    var text = try String(contentsOf: file, encoding: .utf8)
    let begin = try #require(text.firstRange(of: "<!-- metrics -->\n"))
    let end = try #require(text.firstRange(of: "\n<!-- /metrics -->"))
    let rows = MetricFamily.all.map { family in
      "| `\(family.name)\(family.kind == .counter ? "_total" : "")` | \(family.kind.rawValue) | \(family.help) |"
    }
    let expected = (["| metric | kind | says |", "|---|---|---|"] + rows).joined(separator: "\n")
    let written = text[begin.upperBound..<end.lowerBound] == expected
    if ProcessInfo.processInfo.environment["UPDATE_DOCS"] != nil {
      text.replaceSubrange(begin.upperBound..<end.lowerBound, with: expected)
      try text.write(to: file, atomically: true, encoding: .utf8)
    } else {
      #expect(written, "run the tests once with UPDATE_DOCS=1")
    }
  }

  @Test(
    "an attack and a full gateway are seen: refusals by reason, closes by code, connections, descriptors, expiry, reloads"
  )
  func server() {
    var server = ServerState()
    server.channels.connections = 9
    server.channels.refused = ["authentication": 5, "full": 2]
    server.channels.closed = ["idle": 3, "lost": 1]
    server.channels.closeCodes = [1_001: 3, 1_006: 1, 0: 7]
    server.maxConnections = 10
    server.process.openDescriptors = 40
    server.process.maxDescriptors = 1_024
    server.process.startedAt = 1_700_000_000.5
    server.reloads.certificates = [CertificateUse(use: "websocket", path: "c.pem", expiresAt: 1_800_000_000)]
    server.reloads.lastFault = "x"
    server.reloads.failed = 1
    server.version = "1.2.3"
    server.isDraining = true
    let lines = MetricsText.make(GatewayState(), server: server, .prometheus).split(separator: "\n").map(
      String.init)
    for line in [
      "genapi_connections 9", "genapi_connections_limit 10",
      "genapi_handshakes_refused_total{reason=\"authentication\"} 5",
      "genapi_handshakes_refused_total{reason=\"full\"} 2", "genapi_sockets_closed_total{reason=\"idle\"} 3",
      "genapi_socket_close_codes_total{code=\"1001\"} 3", "genapi_socket_close_codes_total{code=\"1006\"} 1",
      "genapi_socket_close_codes_total{code=\"other\"} 7", "process_open_fds 40", "process_max_fds 1024",
      "process_start_time_seconds 1700000000.5", "genapi_build_info{version=\"1.2.3\"} 1",
      "genapi_certificate_expiry_timestamp_seconds{use=\"websocket\"} 1800000000",
      "genapi_ready 0", "genapi_draining 1",
      "genapi_config_last_reload_successful 0", "genapi_config_reloads_total{result=\"failed\"} 1",
    ] { #expect(lines.contains(line), "\(line)") }
  }

  @Test(
    "every reason and code is there from the start with 0, so that the first burst has a rate, and the help names each"
  )
  func zeros() {
    let text = MetricsText.make(GatewayState(), server: ServerState(), .prometheus)
    let lines = Set(text.split(separator: "\n").map(String.init))
    let codes = PhoenixServerStatistics.namedCloseCodes.map { "\($0)" } + ["other"]
    for (family, label, values) in [
      (MetricFamily.handshakesRefused, "reason", RefusalReason.allCases.map(\.rawValue)),
      (.socketsClosed, "reason", CloseReason.allCases.map(\.rawValue)), (.socketCloseCodes, "code", codes),
    ] {
      for value in values {
        #expect(lines.contains("\(family.name)_total{\(label)=\"\(value)\"} 0"))
        if label == "reason" { #expect(family.help.contains(value), "\(family.name) \(value)") }
      }
      #expect(text.components(separatedBy: "\(family.name)_total{").count - 1 == values.count)
    }
  }

  @Test("the process knows its descriptors, their limit and when it began")
  func process() {
    let limits = ProcessLimits.read()
    #if os(Linux)
      #expect(limits.openDescriptors > 2 && limits.maxDescriptors >= UInt64(limits.openDescriptors))
      #expect(abs(Date().timeIntervalSince1970 - limits.startedAt) < 86_400)
      let file = open("/dev/null", O_RDONLY)
      #expect(ProcessLimits.read().openDescriptors > 2)
      close(file)
    #endif
  }
}
