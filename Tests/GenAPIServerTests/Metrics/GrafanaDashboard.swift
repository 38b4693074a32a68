import Foundation

@testable import GenAPIServer

/// The dashboard that `packaging/prometheus` has, made of the list of metrics.
struct GrafanaDashboard {
  private static let selector = #"{job=~"$job",instance=~"$instance"}"#
  private static var source: [String: Any] { ["type": "prometheus", "uid": "${datasource}"] }

  /// In a form that is the same each time.
  static func json(_ families: [MetricFamily]) throws -> String {
    var panels: [[String: Any]] = []
    var y = 0
    for row in MetricFamily.Row.allCases {
      panels.append([
        "type": "row", "title": row.rawValue, "id": panels.count + 1, "collapsed": false, "panels": [Any](),
        "gridPos": ["x": 0, "y": y, "w": 24, "h": 1],
      ])
      y += 1
      for (index, family) in families.filter({ $0.row == row }).enumerated() {
        panels.append(
          panel(family, id: panels.count + 1, x: index % 3 * 8, y: y + index / 3 * 8))
      }
      y += (families.filter { $0.row == row }.count + 2) / 3 * 8
    }
    let dashboard: [String: Any] = [
      "title": "GenAPI gateways", "uid": "genapi-gateways", "schemaVersion": 39, "editable": true,
      "refresh": "30s", "tags": ["genapi"], "time": ["from": "now-1h", "to": "now"], "panels": panels,
      "templating": [
        "list": [
          ["name": "datasource", "label": "Data source", "type": "datasource", "query": "prometheus"],
          variable("job", of: "label_values(genapi_build_info, job)"),
          variable("instance", of: "label_values(genapi_build_info{job=~\"$job\"}, instance)"),
        ]
      ],
    ]
    let data = try JSONSerialization.data(
      withJSONObject: dashboard, options: [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes])
    return String(decoding: data, as: UTF8.self) + "\n"
  }

  private static func variable(_ name: String, of query: String) -> [String: Any] {
    [
      "name": name, "type": "query", "datasource": source, "query": query, "refresh": 2, "multi": true,
      "includeAll": true, "allValue": ".*", "current": ["text": "All", "value": "$__all"],
    ]
  }

  private static func panel(_ family: MetricFamily, id: Int, x: Int, y: Int) -> [String: Any] {
    [
      "id": id, "type": "timeseries", "title": family.title, "description": family.help, "datasource": source,
      "gridPos": ["x": x, "y": y, "w": 8, "h": 8],
      "fieldConfig": ["defaults": ["unit": unit(family), "min": 0], "overrides": [Any]()],
      "targets": expressions(family).enumerated().map { index, target in
        [
          "refId": String(UnicodeScalar(UInt8(65 + index))), "datasource": source, "expr": target.expression,
          "legendFormat": target.legend,
        ]
      },
    ]
  }

  private static func unit(_ family: MetricFamily) -> String {
    if family.name.hasSuffix("expiry_timestamp_seconds") || family.name.hasSuffix("time_seconds")
      || family.name.hasSuffix("success_timestamp_seconds")
    {
      return "s"
    }
    if family.name.hasSuffix("_bytes") { return "bytes" }
    if family.kind == .histogram { return "s" }
    return family.kind == .counter && family.unit == nil ? "ops" : "short"
  }

  /// What Prometheus is asked for.
  static func expressions(_ family: MetricFamily) -> [(expression: String, legend: String)] {
    let by = (["instance"] + family.by).joined(separator: ", ")
    let legend = (["instance"] + family.by).map { "{{\($0)}}" }.joined(separator: " ")
    switch family.kind {
    case .counter:
      return [("sum by (\(by)) (rate(\(family.name)_total\(selector)[$__rate_interval]))", legend)]
    case .histogram:
      return [0.5, 0.95, 0.99].map { quantile in
        (
          "histogram_quantile(\(quantile), sum by (le, \(by)) (rate(\(family.name)_bucket\(selector)[$__rate_interval])))",
          "\(legend) \(quantile)"
        )
      }
    case .gauge where family.unit == "seconds" && family.name.contains("expiry"):
      return [("min by (\(by)) (\(family.name)\(selector)) - time()", legend)]
    case .gauge where family.unit == "seconds":
      return [("time() - max by (\(by)) (\(family.name)\(selector))", legend)]
    case .gauge:
      return [("sum by (\(by)) (\(family.name)\(selector))", legend)]
    }
  }
}
