import GenAPITelemetry
import GenAPIValue

/// Writes an entry or an object of a state as JSON.
enum EntryEncoder {
  static func write<Fields: StateFields>(_ fields: Fields, _ json: inout JSONWriter) {
    // Nearly all that changes, by hand; a test compares it with the other way.
    if let series = fields as? SeriesState { return write(series, &json) }
    // None of the state's types throws when encoded.
    guard let value = try? ValueEncoder().encode(fields) else { return json.literal("{}") }
    json.value(value)
  }

  /// With its texts and lists cut, so that it fits into a line of its own.
  static func writeTight<Fields: StateFields>(_ fields: Fields, _ json: inout JSONWriter) {
    var small = fields
    var bound = TextBound.tight
    small.edit(&bound)
    write(small, &json)
  }

  private static func write(_ series: SeriesState, _ json: inout JSONWriter) {
    json.beginObject()
    json.key("service")
    json.string(series.service)
    json.key("request_type")
    json.string(series.requestType)
    if let version = series.version {
      json.key("version")
      json.string(version)
    }
    json.key("requests")
    json.int(series.requests)
    json.key("outcomes")
    json.beginObject()
    for (outcome, count) in series.outcomes {
      json.key(escaping: outcome)
      json.int(count)
    }
    json.endObject()
    json.key("retries")
    json.int(series.retries)
    json.key("latency")
    json.beginObject()
    json.key("sum")
    json.int(series.latency.sum)
    json.key("buckets")
    json.beginArray()
    series.latency.forEachBucket { bucket, count in
      json.beginArray()
      json.int(Int64(bucket))
      json.int(count)
      json.endArray()
    }
    json.endArray()
    json.endObject()
    json.key("max_us")
    json.int(series.maxUs)
    if let error = series.lastError {
      json.key("last_error")
      json.string(error)
    }
    if let at = series.lastErrorAt {
      json.key("last_error_at")
      json.int(at)
    }
    if let refusal = series.lastRefusal {
      json.key("last_refusal")
      json.string(refusal)
    }
    if let at = series.lastRefusalAt {
      json.key("last_refusal_at")
      json.int(at)
    }
    json.endObject()
  }
}
