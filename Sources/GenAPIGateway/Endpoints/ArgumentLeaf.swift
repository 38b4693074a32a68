/// What an argument's type comes to without optionals and lists around it.
enum ArgumentLeaf {
  /// Whether a type is another, an optional of it, or a list of it.
  static func isMade(_ type: Any.Type, of leaf: Any.Type) -> Bool {
    if type == leaf { return true }
    return switch type {
    case let optional as any WrappingType.Type: isMade(optional.wrapped, of: leaf)
    case let list as any ListType.Type: isMade(list.element, of: leaf)
    default: false
    }
  }

  /// Whether a type is a dictionary whose values are numbers, or an optional of one.
  static func isDictionaryOfNumbers(_ type: Any.Type) -> Bool {
    switch type {
    case let optional as any WrappingType.Type: isDictionaryOfNumbers(optional.wrapped)
    case let dictionary as any DictionaryType.Type:
      dictionary.value is any FixedWidthInteger.Type || dictionary.value is any BinaryFloatingPoint.Type
    default: false
    }
  }
}
