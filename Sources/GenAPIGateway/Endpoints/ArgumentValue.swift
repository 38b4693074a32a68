import GenAPIValue

/// A Swift type that an endpoint can take as an argument: how a config declares it, and how it is read.
///
/// `String`, `ByteText`, `Bool`, `Int`, `Double`, arrays of them, `Value`, `ValueObject`, `[String: Value]`, `DateTime`,
/// `NaiveDateTime`, `UniqueID`, and optionals of all these are such types.
public protocol ArgumentValue: Sendable {
  /// The declaration in a config, without the bounds that an `Argument` adds.
  static var argumentSpec: ArgumentSpec { get }

  /// From a value that passed the declaration.
  ///
  /// - Throws: `ArgumentError` naming the argument.
  init(argument value: Value, named name: ByteText) throws(ArgumentError)

  /// The value that stands for this one in a config, as a default.
  var argumentValue: Value { get }
}

extension ByteText: ArgumentValue {
  public static var argumentSpec: ArgumentSpec { ArgumentSpec(.string) }
  public init(argument value: Value, named name: ByteText) throws(ArgumentError) {
    guard let text = value.string else { throw .mismatch(name, "a string", value) }
    self = text
  }
  public var argumentValue: Value { .string(self) }
}

extension String: ArgumentValue {
  public static var argumentSpec: ArgumentSpec { ByteText.argumentSpec }
  public init(argument value: Value, named name: ByteText) throws(ArgumentError) {
    self = try ByteText(argument: value, named: name).string
  }
  public var argumentValue: Value { .string(ByteText(self)) }
}

extension Bool: ArgumentValue {
  public static var argumentSpec: ArgumentSpec { ArgumentSpec(.boolean) }
  public init(argument value: Value, named name: ByteText) throws(ArgumentError) {
    guard let bool = value.bool else { throw .mismatch(name, "a boolean", value) }
    self = bool
  }
  public var argumentValue: Value { .bool(self) }
}

extension Double: ArgumentValue {
  public static var argumentSpec: ArgumentSpec { ArgumentSpec(.num) }
  public init(argument value: Value, named name: ByteText) throws(ArgumentError) {
    guard let number = value.double else { throw .mismatch(name, "a number", value) }
    self = number
  }
  public var argumentValue: Value { .double(self) }
}

extension Int: ArgumentValue {
  public static var argumentSpec: ArgumentSpec { ArgumentSpec(.num, isWhole: true) }
  public init(argument value: Value, named name: ByteText) throws(ArgumentError) {
    guard let number = value.int else { throw .mismatch(name, "a whole number", value) }
    self = Int(number)
  }
  public var argumentValue: Value { .int(Int64(self)) }
}

extension Value: ArgumentValue {
  public static var argumentSpec: ArgumentSpec { ArgumentSpec(.any) }
  public init(argument value: Value, named name: ByteText) { self = value }
  public var argumentValue: Value { self }
}

extension OrderedDictionary: ArgumentValue where Key == ByteText, Value == GenAPIValue.Value {
  public static var argumentSpec: ArgumentSpec { ArgumentSpec(.map) }
  public init(argument value: GenAPIValue.Value, named name: ByteText) throws(ArgumentError) {
    guard let object = value.object else { throw .mismatch(name, "an object", value) }
    self = object
  }
  public var argumentValue: GenAPIValue.Value { .object(self) }
}

extension Dictionary: ArgumentValue where Key == ByteText, Value == GenAPIValue.Value {
  public static var argumentSpec: ArgumentSpec { ArgumentSpec(.map) }
  public init(argument value: GenAPIValue.Value, named name: ByteText) throws(ArgumentError) {
    guard let object = value.object else { throw .mismatch(name, "an object", value) }
    self = Dictionary(uniqueKeysWithValues: object.map { ($0.key, $0.value) })
  }
  public var argumentValue: GenAPIValue.Value {
    .object(ValueObject(uniqueKeysWithValues: sorted { $0.key < $1.key }.map { ($0.key, $0.value) }))
  }
}

extension Optional: ArgumentValue where Wrapped: ArgumentValue {
  public static var argumentSpec: ArgumentSpec {
    var spec = Wrapped.argumentSpec
    spec.allowsNil = true
    return spec
  }
  public init(argument value: Value, named name: ByteText) throws(ArgumentError) {
    self = value.isNull ? nil : try Wrapped(argument: value, named: name)
  }
  public var argumentValue: Value { self?.argumentValue ?? .null }
}

extension ArgumentError {
  static func mismatch(_ name: ByteText, _ expected: ByteText, _ value: Value) -> ArgumentError {
    ArgumentError("argument \"\(name)\" must be \(expected), not a \(value.kind)")
  }
}
