import GenAPIValue

/// Tells dictionaries from other types.
protocol DictionaryType {
  static var value: Any.Type { get }
  /// It is read as an object: its keys are names. Others are read as a list of keys and values by turns.
  static var isObject: Bool { get }
  /// Its values are those of a map with options: numbers, texts, truth values, and lists of them.
  static var isFlat: Bool { get }
}

extension Dictionary: DictionaryType {
  static var value: Any.Type { Value.self }

  static var isObject: Bool {
    Key.self == String.self || Key.self == Int.self || Key.self is any CodingKeyRepresentable.Type
  }

  static var isFlat: Bool { ArgumentLeaf.isFlat(Value.self) }
}

extension ArgumentLeaf {
  /// Told by the type alone: decoding one that nests itself would have no end here.
  fileprivate static func isFlat(_ type: Any.Type) -> Bool {
    switch type {
    case let list as any ListType.Type: isScalar(list.element)
    default: isScalar(type)
    }
  }

  private static func isScalar(_ type: Any.Type) -> Bool {
    if type is any DictionaryType.Type || type is any ListType.Type || type is any WrappingType.Type {
      return false
    }
    guard let known = KnownShape(type, attempt: 0) else { return type is any RawRepresentable.Type }
    return switch known.spec.type {
    case .string, .num, .boolean, .uuid, .datetime, .naiveDatetime, .date: true
    default: false
    }
  }
}
