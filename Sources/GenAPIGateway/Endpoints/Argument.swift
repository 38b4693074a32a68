import GenAPIValue

/// One argument of an endpoint: its name, its Swift type, and its bounds.
///
/// ```swift
/// Argument("user_id", String.self, maxBytes: 64)
/// Argument("limit", Int.self, default: 20)
/// Argument("due", Date?.self)
/// Argument("color", Color.self)
/// ```
///
/// Any `Codable` type will do: enumerations by raw value, `UUID`, `Date`, `URL`, `Decimal`, `Data`, types of your own with what
/// they nest. What does not decode is a client's mistake, which the client reads with the argument's name.
public struct Argument<Wrapped: Codable & Sendable>: Sendable {
  typealias Reader = @Sendable (Value, ByteText) throws(ArgumentError) -> Wrapped

  /// What the argument is called in a request.
  public let name: ByteText
  /// What the config declares.
  public let spec: ArgumentSpec
  private let reader: Reader

  /// - Parameters:
  ///   - maxBytes: UTF-8 bytes of a string.
  ///   - maxItems: items of a list, keys of a map.
  ///   - maxItemBytes: UTF-8 bytes of a string within a list.
  ///   - required: keys a map must have.
  ///   - accept: the only keys a map may have.
  ///   - defaultValue: used when the argument is absent.
  public init(
    _ name: ByteText, _ type: Wrapped.Type = Wrapped.self, maxBytes: Int? = nil, maxItems: Int? = nil,
    maxItemBytes: Int? = nil, required: [ByteText]? = nil, accept: [ByteText]? = nil,
    default defaultValue: Wrapped? = nil
  ) {
    self.name = name
    var spec: ArgumentSpec
    if let known = type as? any ArgumentValue.Type {
      spec = known.argumentSpec
      reader = Self.reader(known)
    } else {
      spec = ArgumentShape.spec(of: type)
      reader = { value, name throws(ArgumentError) in
        do {
          return try ValueDecoder().decode(Wrapped.self, from: value)
        } catch {
          throw ArgumentError(error, in: name)
        }
      }
    }
    if let maxBytes { spec.maxBytes = maxBytes }
    if let maxItems { spec.maxItems = maxItems }
    if let maxItemBytes { spec.maxItemBytes = maxItemBytes }
    if let required { spec.required = required }
    if let accept { spec.accept = accept }
    spec.defaultValue = defaultValue.map(Self.value)
    self.spec = spec
  }

  /// Both are the same type, which only the run time knows.
  private static func reader<Known: ArgumentValue>(_ type: Known.Type) -> Reader {
    { value, name throws(ArgumentError) in
      unsafeBitCast(try Known(argument: value, named: name), to: Wrapped.self)
    }
  }

  private static func value(_ value: Wrapped) -> Value {
    if let known = value as? any ArgumentValue { return known.argumentValue }
    do {
      let value = try ValueEncoder().encode(value)
      // A config is JSON, which has bytes as text.
      if case .bytes(let bytes) = value { return .string(ByteText(Base64.encode(bytes))) }
      return value
    } catch {
      preconditionFailure("a default value of \(Wrapped.self) cannot be encoded: \(error)")
    }
  }

  var declared: DeclaredArgument { DeclaredArgument(name: name, spec: spec) }

  /// From a call's arguments; one that is missing reads as null.
  func read(_ call: FunctionCall, _ index: Int) throws(ArgumentError) -> Wrapped {
    try reader(index < call.arguments.count ? call.arguments[index] : .null, name)
  }
}

/// The name of an argument and what the config says of it.
struct DeclaredArgument: Sendable {
  var name: ByteText
  var spec: ArgumentSpec
}
