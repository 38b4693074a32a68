import GenAPIValue

/// One argument of an endpoint: its name, its Swift type, and its bounds.
///
/// ```swift
/// Argument("user_id", String.self, maxBytes: 64)
/// Argument("limit", Int.self, min: 1, max: 100, default: 20)
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
  /// It is read as an object or a list, whatever its spec leaves open.
  private let isObject: Bool
  /// What registering refuses it for.
  private let faults: [ByteText]

  /// Declares an argument; what a client sends beyond the bounds is refused before the function runs, with the argument's name and
  /// the bound.
  ///
  /// - Parameters:
  ///   - min: the least number, itself allowed: of a number, and of each item in a list or dictionary of numbers. Of a `Duration`, milliseconds.
  ///   - max: the greatest number, itself allowed; likewise.
  ///   - maxBytes: UTF-8 bytes of a string; of `Data` its own bytes, of which a config states the Base64 text's.
  ///   - maxItems: items of a list, keys of a dictionary; of a list or dictionary of any type.
  ///   - maxItemBytes: UTF-8 bytes of a string within a list, a dictionary or a type of your own; of `Data` in a list its own bytes.
  ///   - required: keys a map must have.
  ///   - accept: the only keys a map may have.
  ///   - defaultValue: used when the argument is absent or null; null is a value of its own only to an optional type. nil for
  ///     none: it must then be given, unless its type is optional.
  public init<Least: ArgumentBound, Most: ArgumentBound>(
    _ name: ByteText, _ type: Wrapped.Type = Wrapped.self, min: Least? = nil as Int?,
    max: Most? = nil as Int?,
    maxBytes: Int? = nil, maxItems: Int? = nil,
    maxItemBytes: Int? = nil, required: [ByteText]? = nil, accept: [ByteText]? = nil,
    default defaultValue: Wrapped? = nil
  ) {
    self.name = name
    var spec: ArgumentSpec
    // The declaration counts what clients send.
    let bytes = ArgumentBytes(of: type, maxBytes: maxBytes, maxItemBytes: maxItemBytes)
    if let known = type as? any ArgumentValue.Type {
      spec = known.argumentSpec
      isObject = false
      reader = Self.reader(known)
    } else {
      (spec, isObject) = ArgumentShape.spec(of: type)
      reader = { value, name throws(ArgumentError) in
        let decoded: Wrapped
        do {
          decoded = try ValueDecoder().decode(Wrapped.self, from: value)
        } catch {
          throw ArgumentError(error, in: name)
        }
        try bytes?.check(decoded, name)
        return decoded
      }
    }
    if let bytes { spec.base64 = bytes.words }
    let own = spec.range
    if let min { spec.min = min.argumentBound }
    if let max { spec.max = max.argumentBound }
    if let maxBytes { spec.maxBytes = bytes?.textBytes ?? maxBytes }
    if let maxItems { spec.maxItems = maxItems }
    if let maxItemBytes { spec.maxItemBytes = bytes?.itemTextBytes ?? maxItemBytes }
    if let required { spec.required = required }
    if let accept { spec.accept = accept }
    let given = ArgumentDefault(defaultValue)
    spec.defaultValue = given.value
    self.spec = spec
    faults =
      given.faults(name, spec, reader) + ArgumentCases.faults(of: Wrapped.self, name, spec)
      + ArgumentBoundFaults.faults(of: Wrapped.self, spec, [("min", min), ("max", max)], own)
  }

  /// Both are the same type, which only the run time knows.
  private static func reader<Known: ArgumentValue>(_ type: Known.Type) -> Reader {
    { value, name throws(ArgumentError) in
      unsafeBitCast(try Known(argument: value, named: name), to: Wrapped.self)
    }
  }

  var declared: DeclaredArgument {
    DeclaredArgument(name: name, spec: spec, isObject: isObject, faults: faults)
  }

  /// The same within what runs the function: what the function throws is told apart from it.
  func take(_ call: FunctionCall, _ index: Int) throws(UnreadArgument) -> Wrapped {
    do {
      return try read(call, index)
    } catch {
      throw UnreadArgument(error: error)
    }
  }

  /// From a call's arguments; one that is missing reads as null.
  func read(_ call: FunctionCall, _ index: Int) throws(ArgumentError) -> Wrapped {
    try reader(index < call.arguments.count ? call.arguments[index] : .null, name)
  }
}

/// The name of an argument and what the config says of it.
struct DeclaredArgument: Sendable {
  var name: ByteText
  var spec: ArgumentSpec
  /// It is read as an object or a list, also where its spec takes any value.
  var isObject = false
  /// What is wrong with it beside what its spec tells.
  var faults: [ByteText] = []
}

extension [DeclaredArgument] {
  /// The fields of a type with the bounds and defaults that are stated for some of them.
  func bounded(by bounds: [DeclaredArgument], _ requestType: ByteText, _ type: ByteText) throws(EndpointError)
    -> [DeclaredArgument]
  {
    var fields = self
    for bound in bounds {
      guard let index = fields.firstIndex(where: { $0.name == bound.name }) else {
        throw .noSuchField(
          requestType: requestType, type: type, argument: bound.name, fields: fields.map(\.name))
      }
      let field = fields[index].spec
      guard field.type == bound.spec.type || field.type == .any else {
        throw .otherFieldType(
          requestType: requestType, argument: bound.name, declared: bound.spec.type, field: field.type)
      }
      fields[index].spec = bound.spec
      fields[index].faults = bound.faults
      // What the type itself takes stays so.
      fields[index].spec.allowsNil = field.allowsNil
      if field.type == bound.spec.type {
        fields[index].spec.isWhole = field.isWhole
        fields[index].spec.isNested = field.isNested
        fields[index].spec.isDecimal = field.isDecimal
        fields[index].spec.allowsNilItems = field.allowsNilItems
        fields[index].spec.cases = field.cases
        if bound.spec.min == nil { fields[index].spec.min = field.min }
        if bound.spec.max == nil { fields[index].spec.max = field.max }
      }
    }
    return fields
  }
}
