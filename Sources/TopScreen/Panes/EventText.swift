import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import TopModel

/// What of an event is said in one line.
enum EventText {
  static func style(_ severity: EventSeverity, _ context: PaneContext) -> Style {
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

  static func symbol(_ severity: EventSeverity, _ glyphs: GlyphSet) -> String {
    switch severity {
    case .normal: glyphs.dot
    case .good: glyphs.check
    case .warning: glyphs.warning
    case .critical: glyphs.critical
    }
  }

  /// The fields that have a column of their own, and those that are long and tell little.
  private static let shown: Set<ByteText> = [
    "service", "request_type", "request_id", "duration_us", "system_time", "success", "async", "stacktrace",
  ]

  /// Parts of a summary.
  private static let mostParts = 6

  /// `error  timeout`, `user_id u_17  1 893/2 000`: what the table of events says tells most; of an event that it does not
  /// have, the first fields.
  static func summary(_ record: EventRecord) -> String {
    var parts: [String] = []
    func add(_ key: ByteText, _ value: Value?) {
      guard parts.count < mostParts, let value else { return }
      let text = text(of: value)
      if !text.isEmpty { parts.append(phrase(key, text)) }
    }
    if let definition = record.known?.definition {
      for key in definition.tells { add("\(key)", record.metadata(key) ?? record.measurement(key)) }
    } else {
      for (key, value) in record.metadata where !shown.contains(key) { add(key, value) }
      for (key, value) in record.measurements where !shown.contains(key) { add(key, value) }
    }
    return parts.joined(separator: "  ")
  }

  /// A field's value in words, where the value alone would not say what it is.
  private static func phrase(_ key: ByteText, _ text: String) -> String {
    switch key {
    case "attempt": "attempt " + text
    case "backoff_ms": "after " + text + "ms"
    case "retry_after_ms": "retry in " + text + "ms"
    case "worker": "worker " + text
    case "count": text + " functions"
    case "consecutive_failures": text + " failures"
    case "recipients": text + " recipients"
    case "cleaned_entries": text + " idle keys removed"
    case "actor": "by " + text
    case "node_from": "from " + text
    default: text
    }
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
