import GenAPIValue

/// A type whose arrays an endpoint can take as an argument.
protocol ArgumentListItem: ArgumentValue {
  /// The declaration of an array of it.
  static var argumentListSpec: ArgumentSpec { get }
}

extension ByteText: ArgumentListItem {
  static var argumentListSpec: ArgumentSpec { ArgumentSpec(.listString) }
}

extension String: ArgumentListItem {
  static var argumentListSpec: ArgumentSpec { ByteText.argumentListSpec }
}

extension Double: ArgumentListItem {
  static var argumentListSpec: ArgumentSpec { ArgumentSpec(.listNum) }
}

extension Int: ArgumentListItem {
  static var argumentListSpec: ArgumentSpec { ArgumentSpec(.listNum, isWhole: true) }
}

extension Value: ArgumentListItem {
  static var argumentListSpec: ArgumentSpec { ArgumentSpec(.list) }
}

extension OrderedDictionary: ArgumentListItem where Key == ByteText, Value == GenAPIValue.Value {
  static var argumentListSpec: ArgumentSpec { ArgumentSpec(.listMap) }
}

extension Array: ArgumentValue where Element: ArgumentListItem {
  static var argumentSpec: ArgumentSpec { Element.argumentListSpec }
  init(argument value: Value, named name: ByteText) throws(ArgumentError) {
    guard let items = value.array else { throw .mismatch(name, "a list", value) }
    self = []
    reserveCapacity(items.count)
    for (index, item) in items.enumerated() {
      append(try Element(argument: item, named: "\(name)[\(index)]"))
    }
  }
  var argumentValue: Value { .array(map(\.argumentValue)) }
}
