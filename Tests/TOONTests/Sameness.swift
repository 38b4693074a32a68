import GenAPIValue

extension Value {
  /// As TOON's data model compares: numbers by their value, the fields of objects in any order where tables may change it.
  var compared: Value {
    switch self {
    case .double(let number): Int64(exactly: number).map(Value.int) ?? self
    case .bytes(let bytes): Value.string((try? Value(json: Value.bytes(bytes).json).string) ?? "")
    case .array(let elements): .array(elements.map(\.compared))
    case .object(let object):
      .object(
        ValueObject(
          uniqueKeysWithValues: object.sorted { $0.key < $1.key }.map { ($0.key, $0.value.compared) }))
    default: self
    }
  }
}
