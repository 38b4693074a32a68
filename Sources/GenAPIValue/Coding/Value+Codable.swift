/// With this library's coders a value passes as it is; with others it is written by its kind.
extension Value: Codable {
  public init(from decoder: any Decoder) throws {
    if let source = decoder as? ValueSource {
      self = source.value
      return
    }
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Int64.self) {
      self = .int(value)
    } else if let value = try? container.decode(UInt64.self), let wide = WideInteger("\(value)") {
      self = .wideInteger(wide)
    } else if let value = try? container.decode(Double.self) {
      self = .double(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(ByteText(value))
    } else if let value = try? container.decode([Value].self) {
      self = .array(value)
    } else {
      let fields = try container.decode([ByteText: Value].self)
      self = .object(ValueObject(uniqueKeysWithValues: fields.sorted { $0.key < $1.key }))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    if let storage = encoder as? EncodingStorage {
      storage.put(self)
      return
    }
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .bool(let value): try container.encode(value)
    case .int(let value): try container.encode(value)
    case .wideInteger(let value): try value.encode(to: encoder)
    case .double(let value): try container.encode(value)
    case .string(let value): try container.encode(value.string)
    case .bytes(let value): try container.encode(Base64.encode(value))
    case .array(let elements): try container.encode(elements)
    case .object(let object):
      try container.encode(Dictionary(object.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 }))
    }
  }
}
