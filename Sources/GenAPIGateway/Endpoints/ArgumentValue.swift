import GenAPIValue

/// A type whose declaration is known, and which is read from an argument without a decoder. Every other `Codable` type is
/// decoded, and its declaration found out by `ArgumentShape`.
protocol ArgumentValue: Sendable {
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
  static var argumentSpec: ArgumentSpec { ArgumentSpec(.string) }
  init(argument value: Value, named name: ByteText) throws(ArgumentError) {
    guard let text = value.string else { throw .mismatch(name, "a string", value) }
    self = text
  }
  var argumentValue: Value { .string(self) }
}

extension String: ArgumentValue {
  static var argumentSpec: ArgumentSpec { ByteText.argumentSpec }
  init(argument value: Value, named name: ByteText) throws(ArgumentError) {
    self = try ByteText(argument: value, named: name).string
  }
  var argumentValue: Value { .string(ByteText(self)) }
}

extension Bool: ArgumentValue {
  static var argumentSpec: ArgumentSpec { ArgumentSpec(.boolean) }
  init(argument value: Value, named name: ByteText) throws(ArgumentError) {
    guard let bool = value.bool else { throw .mismatch(name, "a boolean", value) }
    self = bool
  }
  var argumentValue: Value { .bool(self) }
}

extension Double: ArgumentValue {
  static var argumentSpec: ArgumentSpec { ArgumentSpec(.num) }
  init(argument value: Value, named name: ByteText) throws(ArgumentError) {
    guard let number = value.double else { throw .mismatch(name, "a number", value) }
    self = number
  }
  var argumentValue: Value { .double(self) }
}

extension Int: ArgumentValue {
  static var argumentSpec: ArgumentSpec { ArgumentSpec(.num, isWhole: true) }
  init(argument value: Value, named name: ByteText) throws(ArgumentError) {
    guard let number = value.int else { throw .mismatch(name, "a whole number", value) }
    self = Int(number)
  }
  var argumentValue: Value { .int(Int64(self)) }
}

extension Value: ArgumentValue {
  static var argumentSpec: ArgumentSpec { ArgumentSpec(.any) }
  init(argument value: Value, named name: ByteText) { self = value }
  var argumentValue: Value { self }
}

extension OrderedDictionary: ArgumentValue where Key == ByteText, Value == GenAPIValue.Value {
  static var argumentSpec: ArgumentSpec { ArgumentSpec(.map) }
  init(argument value: GenAPIValue.Value, named name: ByteText) throws(ArgumentError) {
    guard let object = value.object else { throw .mismatch(name, "an object", value) }
    self = object
  }
  var argumentValue: GenAPIValue.Value { .object(self) }
}

extension Dictionary: ArgumentValue where Key == ByteText, Value == GenAPIValue.Value {
  static var argumentSpec: ArgumentSpec { ArgumentSpec(.map) }
  init(argument value: GenAPIValue.Value, named name: ByteText) throws(ArgumentError) {
    guard let object = value.object else { throw .mismatch(name, "an object", value) }
    self = Dictionary(uniqueKeysWithValues: object.map { ($0.key, $0.value) })
  }
  var argumentValue: GenAPIValue.Value {
    .object(ValueObject(uniqueKeysWithValues: sorted { $0.key < $1.key }.map { ($0.key, $0.value) }))
  }
}

extension Optional: ArgumentValue where Wrapped: ArgumentValue {
  static var argumentSpec: ArgumentSpec {
    var spec = Wrapped.argumentSpec
    spec.allowsNil = true
    return spec
  }
  init(argument value: Value, named name: ByteText) throws(ArgumentError) {
    self = value.isNull ? nil : try Wrapped(argument: value, named: name)
  }
  var argumentValue: Value { self?.argumentValue ?? .null }
}

extension ArgumentError {
  static func mismatch(_ name: ByteText, _ expected: ByteText, _ value: Value) -> ArgumentError {
    ArgumentError("argument \"\(name)\" must be \(expected), not \(value.instead(of: expected))")
  }
}
