import GenAPIValue

/// An event's measurements and metadata: the text as it came until somebody asks for more than one field.
///
/// A screen shows a few dozen of ten thousand events a second. The text of one, checked when it came, is one piece
/// of memory; its objects would be fifteen.
enum EventFields: Sendable {
  indirect case objects(measurements: ValueObject, metadata: ValueObject)
  case text(FieldsText)

  var measurements: ValueObject {
    switch self {
    case .objects(let measurements, _): measurements
    case .text(let text): text.measurements
    }
  }

  var metadata: ValueObject {
    switch self {
    case .objects(_, let metadata): metadata
    case .text(let text): text.metadata
    }
  }

  /// About what they take in memory.
  var storedBytes: Int {
    switch self {
    case .objects(let measurements, let metadata): measurements.storedBytes + metadata.storedBytes
    case .text(let text): text.count
    }
  }

  func measurement(_ key: StaticString) -> Value? {
    switch self {
    case .objects(let measurements, _): measurements["\(key)"]
    case .text(let text): text.measurement(key)
    }
  }

  func metadata(_ key: StaticString) -> Value? {
    switch self {
    case .objects(_, let metadata): metadata["\(key)"]
    case .text(let text): text.metadata(key)
    }
  }
}

extension ValueObject {
  fileprivate var storedBytes: Int { reduce(96) { $0 + 128 + $1.key.utf8.count + $1.value.storedBytes } }
}

extension Value {
  fileprivate var storedBytes: Int {
    switch self {
    case .null, .bool, .int, .double: 0
    case .wideInteger(let integer): 32 + integer.digits.byteCount
    case .string(let text): 32 + text.utf8.count
    case .bytes(let bytes): 32 + bytes.count
    case .array(let values): values.reduce(32) { $0 + MemoryLayout<Value>.stride + $1.storedBytes }
    case .object(let fields): fields.storedBytes
    }
  }
}
