// The names are those of the JSON document, so that its schema can be read off this file.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import GenAPITelemetry
import GenAPIValue

/// What `--once --json` prints: the exact numbers of all gateways at one moment. Cumulative since each gateway
/// started; times are microseconds since the Unix epoch.
public struct ClusterSummary: Encodable, Sendable {
  public struct Node: Encodable, Sendable {
    public var name: ByteText
    public var address: ByteText
    public var up: Bool
    public var software: ByteText?
    public var error: ByteText?
    public var uptime_ms: Int64
    public var cpu_seconds: Double
    public var resident_bytes: Int64
    public var sockets: Int
    public var lost: Int64
  }

  public struct Series: Encodable, Sendable {
    public var service: ByteText
    public var request_type: ByteText
    public var version: ByteText?
    public var requests: Int64
    public var ok: Int64
    public var failed: Int64
    public var rejected: Int64
    public var in_flight: Int64
    public var outcomes: [ByteText: Int64]
    public var retries: Int64
    public var p50_us: Int64?
    public var p95_us: Int64?
    public var p99_us: Int64?
    public var max_us: Int64?
    public var last_error: ByteText?
  }

  public struct Totals: Encodable, Sendable, Equatable {
    public var requests: Int64 = 0
    public var ok: Int64 = 0
    public var failed: Int64 = 0
    public var exceptions: Int64 = 0
    public var rejected: Int64 = 0
    public var in_flight: Int64 = 0
    public var invalid: Int64 = 0
    public var retries: Int64 = 0
    public var events_emitted: Int64 = 0
    public var events_dropped: Int64 = 0
  }

  public var at: Int64
  public var nodes: [Node]
  /// How often each event was emitted, by its full path.
  public var events_seen: [ByteText: Int64]
  public var totals: Totals
  /// Over all gateways.
  public var series: [Series]
  /// Of all gateways, each with the name of its own: by section, in the place that `GatewayState.visitSections` gives it.
  public var lists: [SummaryList]
  /// Events that did not reach this dashboard.
  public var lost: Int64
  /// Names, texts and entries that were too long or too many to be kept.
  public var cut: Int64

  public func encode(to encoder: any Encoder) throws {
    var document = encoder.container(keyedBy: Field.self)
    try document.encode(at, forKey: "at")
    try document.encode(nodes, forKey: "nodes")
    try document.encode(events_seen, forKey: "events_seen")
    try document.encode(totals, forKey: "totals")
    try document.encode(series, forKey: "series")
    for (name, parts) in listsByField {
      if let whole = parts.first(where: { $0.place.count == 1 }) {
        try document.encode(whole.entries, forKey: name)
        continue
      }
      var object = document.nestedContainer(keyedBy: Field.self, forKey: name)
      for part in parts { try object.encode(part.entries, forKey: Field(part.place[1].string)) }
    }
    try document.encode(lost, forKey: "lost")
    try document.encode(cut, forKey: "cut")
  }

  /// The lists by the field they stand in, in the order of the sections.
  private var listsByField: [(name: Field, parts: [SummaryList])] {
    var fields: [(name: Field, parts: [SummaryList])] = []
    for list in lists {
      let name = Field(list.place[0].string)
      if let index = fields.firstIndex(where: { $0.name.stringValue == name.stringValue }) {
        fields[index].parts.append(list)
      } else {
        fields.append((name, [list]))
      }
    }
    return fields
  }

  private struct Field: CodingKey, ExpressibleByStringLiteral {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init(stringLiteral name: String) { stringValue = name }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}
