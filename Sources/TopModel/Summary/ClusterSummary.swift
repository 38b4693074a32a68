// The names are those of the JSON document, so that its schema can be read off this file.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

import GenAPITelemetry
import GenAPIValue

/// What `--once --json` prints: the exact numbers of all gateways at one moment. Cumulative since each gateway
/// started; times are microseconds since the Unix epoch.
package struct ClusterSummary: Encodable, Sendable {
  package struct Node: Encodable, Sendable {
    package var name: ByteText
    package var address: ByteText
    package var up: Bool
    package var software: ByteText?
    package var error: ByteText?
    package var uptime_ms: Int64
    package var cpu_seconds: Double
    package var resident_bytes: Int64
    package var sockets: Int?
    package var lost: Int64
    package var readiness: ByteText?
    package var readiness_fault: ByteText?
    package var evicted_keys: Int64?
    package var configuration_fault: ByteText?
    package var failed_reloads: Int64
    package var dropped_log_lines: Int64
    package var accept_failures: Int64?
    package var refused_handshakes: [ByteText: Int64]?
  }

  /// A service that gateways have differently.
  package struct ConfigMismatch: Encodable, Sendable {
    package struct Difference: Encodable, Sendable {
      package var request_type: ByteText
      package var version: ByteText?
      package var setting: ByteText
      package var values: [ByteText: ByteText]
    }

    package var service: ByteText
    package var text: ByteText
    package var versions: [ByteText: ByteText]
    package var differences: [Difference]
  }

  package struct Series: Encodable, Sendable {
    package var service: ByteText
    package var request_type: ByteText
    package var version: ByteText?
    package var requests: Int64
    package var ok: Int64
    package var failed: Int64
    package var rejected: Int64
    package var cancelled: Int64
    package var in_flight: Int64
    package var outcomes: [ByteText: Int64]
    package var retries: Int64
    package var p50_us: Int64?
    package var p95_us: Int64?
    package var p99_us: Int64?
    package var max_us: Int64?
    package var last_error: ByteText?
    package var last_refusal: ByteText?
  }

  /// A number is nil that no gateway tells.
  package struct Totals: Encodable, Sendable, Equatable {
    package var requests: Int64? = 0
    package var ok: Int64? = 0
    package var failed: Int64? = 0
    package var exceptions: Int64? = 0
    package var rejected: Int64? = 0
    package var cancelled: Int64? = 0
    package var in_flight: Int64? = 0
    package var invalid: Int64? = 0
    package var retries: Int64? = 0
    package var events_emitted: Int64? = 0
    package var events_dropped: Int64? = 0
  }

  /// The keys of a filter's terms that narrow anything here: there are no single requests or events.
  package static let narrowedBy: Set<String> = ["service", "type", "version", "node", "user", "text"]

  package var at: Int64
  /// What it is narrowed by, as it is written; nil when all is told.
  package var filter: ByteText?
  /// By each kind of term that the filter has, the fields that it does not narrow, as a pane says `not by user`; nil when all is told.
  package var not_narrowed: [ByteText: [ByteText]]?
  package var nodes: [Node]
  /// How often each event was emitted, by its full path.
  package var events_seen: [ByteText: Int64]
  package var totals: Totals
  /// Over all gateways.
  package var series: [Series]
  package var config_mismatches: [ConfigMismatch]
  /// Of all gateways, each with the name of its own: by section, in the place that `GatewayState.visitSections` gives it.
  package var lists: [SummaryList]
  /// Events that did not reach this dashboard.
  package var lost: Int64
  /// Names, texts and entries that were too long or too many to be kept.
  package var cut: Int64

  package func encode(to encoder: any Encoder) throws {
    var document = encoder.container(keyedBy: Field.self)
    try document.encode(at, forKey: "at")
    try document.encodeIfPresent(filter, forKey: "filter")
    try document.encodeIfPresent(not_narrowed, forKey: "not_narrowed")
    try document.encode(nodes, forKey: "nodes")
    try document.encode(events_seen, forKey: "events_seen")
    try document.encode(totals, forKey: "totals")
    try document.encode(series, forKey: "series")
    try document.encode(config_mismatches, forKey: "config_mismatches")
    for (name, parts) in listsByField {
      if let whole = parts.first(where: { $0.place.count == 1 }) {
        try Self.encode(whole, in: &document, forKey: name)
        continue
      }
      var object = document.nestedContainer(keyedBy: Field.self, forKey: name)
      for part in parts { try Self.encode(part, in: &object, forKey: Field(part.place[1].string)) }
    }
    try document.encode(lost, forKey: "lost")
    try document.encode(cut, forKey: "cut")
  }

  /// A list that no gateway tells is null: an empty one would say that there is nothing.
  private static func encode(
    _ list: SummaryList, in container: inout KeyedEncodingContainer<Field>, forKey key: Field
  ) throws {
    if let entries = list.entries {
      try container.encode(entries, forKey: key)
    } else {
      try container.encodeNil(forKey: key)
    }
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
