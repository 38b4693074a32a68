import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import TopModel

/// What of an event is said in one line.
enum EventText {
  static func style(_ severity: EventRow.Severity, _ context: PaneContext) -> Style {
    switch severity {
    case .normal: context.text
    case .good: context.style(.ok)
    case .warning: context.style(.warn)
    case .critical: context.style(.critical)
    }
  }

  /// Without the prefix that all of ours have. Works on bytes: this is asked for every event that is drawn.
  static func name(_ record: EventRecord) -> String {
    record.shortName.string
  }

  static func symbol(_ severity: EventRow.Severity, _ glyphs: GlyphSet) -> String {
    switch severity {
    case .normal: glyphs.dot
    case .good: glyphs.check
    case .warning: glyphs.warning
    case .critical: glyphs.critical
    }
  }

  /// The fields that have a column of their own.
  private static let shown: Set<ByteText> = [
    "service", "request_type", "request_id", "duration_us", "system_time", "success", "async", "stacktrace",
  ]

  /// The fields worth the rest of the line, the telling ones first.
  private static let telling: [ByteText] = [
    "outcome", "result", "kind", "reason", "error", "last_error", "attempt", "backoff_ms", "mode",
    "retry_after_ms", "key", "key_value", "scope", "module", "function", "pool_name", "worker",
    "consecutive_failures", "version", "count", "group_id", "status", "user_id", "node_called",
  ]

  /// `error  timeout`, `user_id u_17  1 893/2 000`: at most 6 fields.
  static func summary(_ record: EventRecord) -> String {
    let metadata = record.metadata
    let measurements = record.measurements
    var parts: [String] = []
    for key in telling where !shown.contains(key) && parts.count < 6 {
      guard let value = metadata[key] ?? measurements[key] else { continue }
      let text = text(of: value)
      if text.isEmpty { continue }
      switch key {
      case "attempt": parts.append("attempt " + text)
      case "backoff_ms": parts.append("after " + text + "ms")
      case "retry_after_ms": parts.append("retry in " + text + "ms")
      case "worker": parts.append("worker " + text)
      case "count": parts.append(text + " functions")
      case "consecutive_failures": parts.append(text + " failures")
      default: parts.append(text)
      }
    }
    return parts.joined(separator: "  ")
  }

  /// A value on one line, of at most 300 bytes, ten times that for a list.
  static func text(of value: Value) -> String {
    switch value {
    case .null: ""
    case .bool(let flag): flag ? "true" : "false"
    case .int(let number): String(number)
    case .wideInteger(let number): number.digits.string
    case .double(let number): NumberText.decimal(number, 2)
    case .string(let text): text.cut(bytes: 300).string
    case .bytes(let bytes): "\(bytes.count) bytes"
    case .array(let values): values.prefix(10).map { text(of: $0) }.joined(separator: ", ")
    case .object(let fields):
      fields.prefix(10).map { "\($0.key): \(text(of: $0.value))" }.joined(separator: ", ")
    }
  }
}
