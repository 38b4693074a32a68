import GenAPITelemetry
import GenAPIValue

/// Writes an entry or an object of a state as JSON.
enum EntryEncoder {
  static func write<Fields: StateFields>(_ fields: Fields, _ json: inout JSONWriter) {
    // By hand what there is most of; a test compares it with the other way.
    if let series = fields as? SeriesState { return write(series, changed: nil, &json) }
    if let function = fields as? FunctionState { return write(function, &json) }
    // None of the state's types throws when encoded.
    guard let value = try? ValueEncoder().encode(fields) else { return json.literal("{}") }
    json.value(value)
  }

  /// With its texts and lists cut.
  static func writeTight(_ series: SeriesState, changed: ChangedBuckets, _ json: inout JSONWriter) {
    var small = series
    var bound = TextBound.tight
    small.edit(&bound)
    write(small, changed: changed, &json)
  }

  /// With its texts and lists cut, so that it fits into a line of its own.
  static func writeTight<Fields: StateFields>(_ fields: Fields, _ json: inout JSONWriter) {
    var small = fields
    var bound = TextBound.tight
    small.edit(&bound)
    write(small, &json)
  }

  /// - Parameter changed: the buckets that are written, instead of all.
  static func write(_ series: SeriesState, changed: ChangedBuckets?, _ json: inout JSONWriter) {
    json.beginObject()
    json.field("service", series.service)
    json.field("request_type", series.requestType)
    json.field("version", series.version)
    json.field("requests", series.requests)
    json.key("outcomes")
    json.beginObject()
    for (outcome, count) in series.outcomes {
      json.key(escaping: outcome)
      json.int(count)
    }
    json.endObject()
    json.field("retries", series.retries)
    json.key("latency")
    json.beginObject()
    json.field("sum", series.latency.sum)
    json.key(changed == nil ? "buckets" : "changed")
    json.beginArray()
    if let changed {
      for (bucket, count) in changed { json.pair(Int64(bucket), count) }
    } else {
      series.latency.forEachBucket { json.pair(Int64($0), $1) }
    }
    json.endArray()
    json.endObject()
    json.field("max_us", series.maxUs)
    json.field("last_error", series.lastError)
    json.field("last_error_at", series.lastErrorAt)
    json.field("last_refusal", series.lastRefusal)
    json.field("last_refusal_at", series.lastRefusalAt)
    json.endObject()
  }

  private static func write(_ function: FunctionState, _ json: inout JSONWriter) {
    json.beginObject()
    json.field("service", function.service)
    json.field("request_type", function.requestType)
    json.field("version", function.version)
    json.key("enabled")
    json.bool(function.enabled)
    json.strings("nodes", function.nodes)
    json.field("response_type", function.responseType)
    json.field("source", function.source)
    json.field("config_version", function.configVersion)
    json.field("timeout_ms", function.timeoutMs)
    json.field("permission", function.permission)
    json.field("retry", function.retry)
    json.field("choose_node", function.chooseNode)
    json.strings("hooks", function.hooks)
    json.field("changed_at", function.changedAt)
    json.endObject()
  }
}

extension JSONWriter {
  @inline(__always)
  fileprivate mutating func pair(_ first: Int64, _ second: Int64) {
    beginArray()
    int(first)
    int(second)
    endArray()
  }

  @inline(__always)
  fileprivate mutating func field(_ key: StaticString, _ text: ByteText?) {
    guard let text else { return }
    self.key(key)
    string(text)
  }

  @inline(__always)
  fileprivate mutating func field(_ key: StaticString, _ number: Int64?) {
    guard let number else { return }
    self.key(key)
    int(number)
  }
}
