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
