import GenAPITelemetry
import GenAPIValue
import NIOCore

/// Turns frames into lines of JSON.
public enum FrameEncoder {
  /// The frame as one line, its end included.
  public static func line(_ frame: Frame) -> ByteBuffer { line(frame, hasMore: false) }

  /// - Parameter hasMore: the rest of a state or change that is too long for a line follows in more frames.
  static func line(_ frame: Frame, hasMore: Bool) -> ByteBuffer {
    var json = JSONWriter()
    json.beginObject()
    json.key("t")
    json.string(frame.type)
    switch frame {
    case .hello(let hello): write(hello, &json)
    case .subscribe(let subscription): write(subscription, &json)
    case .snapshot(let at, let sequence, let state):
      StateEncoder.write(at, sequence, hasMore: hasMore, &json)
      StateEncoder.write(state, &json)
    case .state(let at, let sequence, let change):
      StateEncoder.write(at, sequence, hasMore: hasMore, &json)
      StateEncoder.write(change, &json)
    case .event(let record): write(record, &json)
    case .dropped(let at, let events):
      json.key("at")
      json.int(at)
      json.key("count")
      json.int(events.count)
      json.key("from_seq")
      json.int(events.fromSequence)
      json.key("to_seq")
      json.int(events.toSequence)
    case .ping(let at), .pong(let at):
      json.key("at")
      json.int(at)
    case .bye(let reason):
      json.key("reason")
      json.string(reason)
    case .error(let code, let message):
      json.key("code")
      json.string(code.rawValue)
      json.key("message")
      json.string(message)
    case .recording(let header):
      json.key("proto")
      json.int(Int64(header.proto))
      json.key("started_at")
      json.int(header.startedAt)
      json.strings("targets", header.targets)
    case .unknown: break
    }
    json.endObject()
    return json.line()
  }

  /// A text as a JSON string, quotes included.
  static func text(_ text: ByteText) -> [UInt8] {
    var json = JSONWriter()
    json.string(text)
    return json.bytes
  }

  private static func write(_ hello: Hello, _ json: inout JSONWriter) {
    json.key("proto")
    json.int(Int64(hello.proto))
    json.key("node")
    json.string(hello.node)
    json.key("software")
    json.string(hello.software)
    json.key("started_at")
    json.int(hello.startedAt)
    json.key("auth")
    json.string(hello.auth.word)
    json.key("interval_ms")
    json.int(Int64(hello.intervalMs))
    json.strings("categories", hello.categories)
  }

  private static func write(_ subscription: Subscription, _ json: inout JSONWriter) {
    if let token = subscription.token {
      json.key("token")
      json.string(token)
    }
    json.key("encoding")
    json.string(subscription.encoding)
    json.key("events")
    json.bool(subscription.events)
    json.key("interval_ms")
    json.int(Int64(subscription.intervalMs))
    json.key("snapshot")
    json.bool(subscription.snapshot)
    if !subscription.narrowsState {
      json.key("narrow_state")
      json.bool(false)
    }
    if subscription.changedBuckets {
      json.key("changed_buckets")
      json.bool(true)
    }
    json.key("filter")
    json.beginObject()
    write(subscription.filter.include, &json)
    if !subscription.filter.exclude.isEmpty {
      json.key("exclude")
      json.beginObject()
      write(subscription.filter.exclude, &json)
      json.endObject()
    }
    json.endObject()
  }

  private static func write(_ terms: FilterTermList, _ json: inout JSONWriter) {
    for (key, patterns) in terms.lists where !patterns.isEmpty {
      json.key(escaping: key)
      json.beginArray()
      for pattern in patterns { json.string(pattern) }
      json.endArray()
    }
  }

  private static func write(_ record: EventRecord, _ json: inout JSONWriter) {
    json.key("seq")
    json.int(record.sequence)
    json.key("at")
    json.int(record.at)
    if let node = record.node {
      json.key("node")
      json.string(node)
    }
    json.key("name")
    json.string(record.name)
    json.key("m")
    json.value(.object(record.measurements))
    json.key("d")
    json.value(.object(record.metadata))
  }
}
