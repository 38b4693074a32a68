import GenAPITelemetry
import GenAPIValue

extension EventRecord {
  /// The longest line of an event whose fields are kept whole, in bytes. The gateway's own events are far below: it
  /// cuts texts to 1 kB.
  public static let mostBytes = 16_384

  /// About what it takes in memory.
  public var storedBytes: Int { MemoryLayout<EventRecord>.stride + 64 + fieldBytes }

  /// The same event with few and short fields, for a line that is longer than `mostBytes`. Its field `cut` says how long
  /// the line was.
  func cut(lineBytes: Int) -> EventRecord {
    var metadata = Self.short(metadata)
    metadata["cut"] = .string("of \(lineBytes) bytes")
    return EventRecord(
      node: node.map { TextBound.cutName($0) }, sequence: sequence, at: at, name: TextBound.cutName(name),
      measurements: Self.short(measurements), metadata: metadata)
  }

  private static func short(_ fields: ValueObject) -> ValueObject {
    var result: ValueObject = [:]
    for (key, value) in fields.prefix(24) { result[TextBound.cutName(key, to: 64)] = short(value) }
    return result
  }

  private static func short(_ value: Value) -> Value {
    switch value {
    case .null, .bool, .int, .wideInteger, .double: value
    case .string(let text): .string(text.cut(bytes: 256))
    case .bytes(let bytes): .string("… (cut, \(bytes.count) bytes)")
    case .array(let values): .string("… (cut, a list of \(values.count))")
    case .object(let fields): .string("… (cut, an object of \(fields.count) fields)")
    }
  }
}

extension Frame {
  /// The same frame with no text in it that is longer than this program believes and shows. States are bounded by whoever
  /// keeps them, since that is counted.
  func cut(lineBytes: Int) -> Frame {
    switch self {
    case .event(let record):
      return lineBytes > EventRecord.mostBytes ? .event(record.cut(lineBytes: lineBytes)) : self
    case .hello(var hello):
      hello.node = TextBound.cutName(hello.node)
      hello.software = TextBound.cutName(hello.software)
      if case .unknown(let word) = hello.auth { hello.auth = .unknown(TextBound.cutName(word)) }
      var bound = TextBound()
      bound.names(&hello.categories)
      return .hello(hello)
    case .bye(let reason): return .bye(reason: reason.cut(bytes: TextLimit.text))
    case .error(let code, let message):
      return .error(
        code: StreamErrorCode(rawValue: TextBound.cutName(code.rawValue)),
        message: message.cut(bytes: TextLimit.text)
      )
    case .unknown(let type): return .unknown(type: TextBound.cutName(type))
    case .subscribe, .snapshot, .state, .dropped, .ping, .pong, .recording: return self
    }
  }
}
