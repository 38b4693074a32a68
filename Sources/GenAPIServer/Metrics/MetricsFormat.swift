/// A form of the metrics: the two that Prometheus reads.
package enum MetricsFormat: Int, Sendable, CaseIterable {
  /// https://prometheus.io/docs/instrumenting/exposition_formats/, version 0.0.4: what is sent without an `Accept`.
  case prometheus
  /// https://prometheus.io/docs/specs/om/open_metrics_spec/
  case openMetrics

  private static let openMetricsType = "application/openmetrics-text"

  package var contentType: String {
    switch self {
    case .prometheus: "text/plain; version=0.0.4; charset=utf-8"
    case .openMetrics: "\(Self.openMetricsType); version=1.0.0; charset=utf-8"
    }
  }

  /// The form that an `Accept` header prefers: RFC 9110, 12.5.1. Of two that it likes as well, OpenMetrics, when it is named.
  package init(accept: String) {
    var open = 0.0
    var plain = 0.0
    for choice in accept.utf8.split(separator: UInt8(ascii: ",")).prefix(50) {
      let parts = choice.split(separator: UInt8(ascii: ";")).map { Self.trimmed(Substring($0)) }
      let weight = parts.dropFirst().lazy.compactMap(Self.weight).first ?? 1
      switch parts.first {
      case Self.openMetricsType: open = max(open, weight)
      case "text/plain", "text/*", "*/*": plain = max(plain, weight)
      default: break
      }
    }
    self = open > 0 && open >= plain ? .openMetrics : .prometheus
  }

  private static func weight(_ parameter: String) -> Double? {
    guard parameter.utf8.starts(with: "q=".utf8) else { return nil }
    return Double(Substring(parameter.utf8.dropFirst(2)))
  }

  private static func trimmed(_ text: Substring) -> String {
    let isBlank = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    let start = text.utf8.drop(while: isBlank)
    let end = start.lastIndex { !isBlank($0) }.map { start.index(after: $0) } ?? start.startIndex
    return String(Substring(start[..<end])).lowercased()
  }
}
