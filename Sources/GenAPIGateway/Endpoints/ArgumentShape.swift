import GenAPIValue

/// Finds out which arguments a `Decodable` type has, by decoding it from made-up values and taking down what it
/// asks for.
enum ArgumentShape {
  /// - Throws: `EndpointError` when the type reads no object, or refuses every made-up value.
  static func fields<T: Decodable>(of type: T.Type, _ requestType: ByteText) throws(EndpointError)
    -> [(name: ByteText, spec: ArgumentSpec)]
  {
    let shape = ShapeRecorder(depth: 0)
    do {
      _ = try T(from: ShapeDecoder(recorder: shape, codingPath: []))
    } catch {
      throw .unreadableType(requestType: requestType, type: "\(type)", reason: "\(error)")
    }
    guard shape.isObject else {
      throw .unreadableType(requestType: requestType, type: "\(type)", reason: "it is not read as an object")
    }
    return shape.fields
  }
}

/// What a type asked its decoder for.
final class ShapeRecorder {
  let depth: Int
  var isObject = false
  private(set) var fields: [(name: ByteText, spec: ArgumentSpec)] = []
  /// What a single value or a list was asked for as.
  var single: ArgumentSpec?

  init(depth: Int) { self.depth = depth }

  func add(_ name: ByteText, _ spec: ArgumentSpec) {
    // Asked for twice, such as by a type that tries several forms: both must be let through.
    if let index = fields.firstIndex(where: { $0.name == name }) {
      if fields[index].spec.type != spec.type { fields[index].spec = ArgumentSpec(.any) }
    } else {
      fields.append((name, spec))
    }
  }

  /// The declaration of a value that was read this way.
  var spec: ArgumentSpec {
    if let single { return single }
    guard isObject else { return ArgumentSpec(.any) }
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

/// Types whose declaration is known without decoding them.
func knownSpec(_ type: Any.Type) -> ArgumentSpec? {
  (type as? any ArgumentValue.Type)?.argumentSpec
}
