// Telling whether a double is whole takes `trunc`, which is in the C library's mathematics on Linux: without this
// import a release build of a program that uses only this module does not link.
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension Value {
  /// The string held, or nil for any other kind.
  public var string: ByteText? {
    if case .string(let value) = self { value } else { nil }
  }

  /// The integer held; a double only when it is a whole number that fits.
  public var int: Int64? {
    switch self {
    case .int(let value): value
    case .double(let value): Int64(exactly: value)
    default: nil
    }
  }

  /// The number held, integer or not; an integer beyond 53 bits is rounded.
  public var double: Double? {
    switch self {
    case .int(let value): Double(value)
    case .wideInteger(let value): value.double
    case .double(let value): value
    default: nil
    }
  }

  /// The truth value; nil for any other kind.
  public var bool: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }

  /// The elements; nil for any other kind.
  public var array: [Value]? {
    if case .array(let value) = self { value } else { nil }
  }

  /// The fields; nil for any other kind.
  public var object: ValueObject? {
    if case .object(let value) = self { value } else { nil }
  }

  /// Whether it is null.
  @inlinable public var isNull: Bool { if case .null = self { true } else { false } }

  /// The field `key` of an object; nil when this is no object or has no such field.
  public subscript(key: ByteText) -> Value? { object?[key] }

  /// What kind of value this is, in the words JSON uses.
  public var kind: String {
    switch self {
    case .null: "null"
    case .bool: "boolean"
    case .int, .wideInteger, .double: "number"
    case .string: "string"
    case .bytes: "bytes"
    case .array: "array"
    case .object: "object"
    }
  }

  /// What this is instead of what was wanted, as the end of "must be …, not …": its kind with the article that belongs to it, or
  /// the number itself where a number was wanted and it is not one of those.
  public func instead(of wanted: ByteText) -> ByteText {
    switch self {
    case .null, .bytes: ByteText(kind)
    case .array, .object: "an \(kind)"
    case .int, .wideInteger, .double:
      wanted.string.contains("number") ? ByteText(json(cut: 80)) : "a number"
    case .bool, .string: "a \(kind)"
    }
  }
}
