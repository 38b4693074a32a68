import GenAPIValue

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Finds out how a `Decodable` type is declared, by decoding it from made-up values and taking down what it asks for.
enum ArgumentShape {
  /// The fields of a type that is read as an object.
  ///
  /// - Parameter example: an encoded value of the type, for one that refuses every made-up one.
  /// - Throws: `EndpointError` when the type reads no object, or refuses every made-up value.
  static func fields<T: Decodable>(of type: T.Type, _ requestType: ByteText, example: Value?)
    throws(EndpointError) -> [DeclaredArgument]
  {
    let shape = ShapeRecorder(depth: 0)
    do {
      _ = try T(from: ShapeDecoder(recorder: shape, codingPath: [], example: example))
    } catch {
      throw .unreadableType(requestType: requestType, type: "\(type)", reason: "\(error)")
    }
    guard shape.isObject, !shape.hasAnyKeys else {
      let reason: ByteText = shape.isObject ? "it reads keys of any name" : "it is not read as an object"
      throw .unreadableType(requestType: requestType, type: "\(type)", reason: reason)
    }
    return shape.fields
  }

  /// The declaration of one argument; any value, which is then decoded, where it cannot be found out. And whether it is read as an
  /// object: a dictionary, which is any value to its declaration.
  static func spec<T: Decodable>(of type: T.Type) -> (ArgumentSpec, isObject: Bool) {
    let probe = ShapeDecoder.probe(type, path: [], depth: 0, example: nil)
    var spec = probe.spec
    if type is any OptionalType.Type { spec.allowsNil = true }
    return (spec, probe.isObject)
  }
}

/// Tells an optional type from others.
private protocol OptionalType {}
extension Optional: OptionalType {}

/// What a type asked its decoder for.
final class ShapeRecorder {
  let depth: Int
  /// Which of the made-up values are given.
  let attempt: Int
  var isObject = false
  /// It asked which keys there are: a dictionary, or an enumeration whose cases are keys.
  var hasAnyKeys = false
  private(set) var fields: [DeclaredArgument] = []
  /// It was asked for the items of a list.
  var isList = false
  /// It was asked for a single value.
  var isSingle = false
  /// The single value that it was asked for is itself never a text, as that of an optional may be.
  var holdsOnlyObject = false
  /// What a single value or a list was asked for as.
  var single: ArgumentSpec?

  init(depth: Int, attempt: Int = 0) {
    self.depth = depth
    self.attempt = attempt
  }

  func add(_ name: ByteText, _ spec: ArgumentSpec, isObject: Bool = false) {
    // Asked for twice, such as by a type that tries several forms: both must be let through.
    if let index = fields.firstIndex(where: { $0.name == name }) {
      if fields[index].spec.type != spec.type { fields[index].spec = ArgumentSpec(.any) }
      if fields[index].spec.min != spec.min || fields[index].spec.max != spec.max {
        (fields[index].spec.min, fields[index].spec.max) = (nil, nil)
      }
      if fields[index].spec.isDecimal != spec.isDecimal { fields[index].spec.isDecimal = false }
      if fields[index].spec.allowsNilItems != spec.allowsNilItems, spec.type.isList {
        fields[index].spec.allowsNilItems = true
      }
      if fields[index].spec.cases.values != spec.cases.values { fields[index].spec.cases = CaseValues() }
      fields[index].isObject = fields[index].isObject && isObject
    } else {
      fields.append(DeclaredArgument(name: name, spec: spec, isObject: isObject))
    }
  }

  /// Whether it was asked for nothing but the fields of an object or the items of a list: then it is never a text.
  var isNeverText: Bool { (isObject || isList) && !isSingle || holdsOnlyObject }

  /// The declaration of a value that was read this way.
  var spec: ArgumentSpec {
    if let single { return single }
    guard isObject, !hasAnyKeys else { return ArgumentSpec(.any) }
    // Maps hold no maps or lists of maps; what does is passed as it is, and checked when it is decoded.
    guard depth <= 1, fields.allSatisfy({ $0.spec.type.fitsInMap }) else { return ArgumentSpec(.any) }
    return ArgumentSpec(
      .map, required: fields.filter { !$0.spec.allowsNil }.map(\.name), accept: fields.map(\.name))
  }
}

extension ArgumentType {
  fileprivate var fitsInMap: Bool {
    switch self {
    case .any, .map, .listMap: false
    default: true
    }
  }
}

/// The declaration of a type that is known without decoding it, and a value that passes.
struct KnownShape {
  var spec: ArgumentSpec
  var example: Value

  /// - Parameter attempt: which of the made-up texts and numbers.
  init?(_ type: Any.Type, attempt: Int) {
    switch type {
    case is Date.Type: (spec, example) = (ArgumentSpec(.datetime), ArgumentType.datetime.example)
    case is UUID.Type: (spec, example) = (ArgumentSpec(.uuid), ArgumentType.uuid.example)
    case is URL.Type: (spec, example) = (ArgumentSpec(.string), "http://localhost/")
    case is Data.Type: (spec, example) = (ArgumentSpec(.string), "")
    // Text or a number.
    case is Decimal.Type: (spec, example) = (ArgumentSpec(.any, isDecimal: true), 0)
    case let type as any DictionaryType.Type where type.isObject:
      (spec, example) = (ArgumentSpec(.map, isNested: !type.isFlat), [:])
    case is Duration.Type, is Float.Type: (spec, example) = (ArgumentSpec(.num), 0)
    case let type as any FixedWidthInteger.Type:
      (spec, example) = (Self.integer(type), Self.number(attempt))
    default:
      guard let known = type as? any ArgumentValue.Type else { return nil }
      spec = known.argumentSpec
      switch spec.type {
      case .string: example = Self.texts[min(attempt, Self.texts.count - 1)]
      case .num: example = Self.number(attempt)
      default: example = spec.type.example
      }
    }
  }

  /// Types that validate what they read take one of these more often than not.
  static let texts: [Value] = [
    "", "a", "0", "1970-01-01T00:00:00Z", "00000000-0000-4000-8000-000000000000", "http://localhost/",
    "a@example.com", "aaaaaaaaaa",
  ]
  /// The bounds of a type that has not just the whole numbers of 64 bits are bounds of the argument.
  private static func integer<T: FixedWidthInteger>(_ type: T.Type) -> ArgumentSpec {
    guard let least = Int64(exactly: T.min), let most = Int64(exactly: T.max) else {
      let bounds = bounds(type)
      return ArgumentSpec(.num, min: bounds.least, max: bounds.most, isWhole: true)
    }
    guard T.bitWidth < 64 else { return ArgumentSpec(.num, isWhole: true) }
    return ArgumentSpec(.num, min: .int(least), max: .int(most), isWhole: true)
  }

  /// JSON carries all of them, by their digits.
  static func bounds<T: FixedWidthInteger>(_ type: T.Type) -> (least: Value?, most: Value?) {
    func value(_ number: T) -> Value? {
      Int64(exactly: number).map(Value.int) ?? WideInteger("\(number)").map(Value.wideInteger)
    }
    return (value(T.min), value(T.max))
  }

  private static func number(_ attempt: Int) -> Value { [0, 1, 2, 10, 100, -1, 1_000, 18][min(attempt, 7)] }
}
