import GenAPIValue

/// A type whose arrays an endpoint can take as an argument.
public protocol ArgumentListItem: ArgumentValue {
  /// The declaration of an array of it.
  static var argumentListSpec: ArgumentSpec { get }
}

extension ByteText: ArgumentListItem {
  public static var argumentListSpec: ArgumentSpec { ArgumentSpec(.listString) }
}

extension String: ArgumentListItem {
  public static var argumentListSpec: ArgumentSpec { ByteText.argumentListSpec }
}

extension Double: ArgumentListItem {
  public static var argumentListSpec: ArgumentSpec { ArgumentSpec(.listNum) }
}

extension Int: ArgumentListItem {
  public static var argumentListSpec: ArgumentSpec { ArgumentSpec(.listNum, isWhole: true) }
}

extension Value: ArgumentListItem {
  public static var argumentListSpec: ArgumentSpec { ArgumentSpec(.list) }
}

extension OrderedDictionary: ArgumentListItem where Key == ByteText, Value == GenAPIValue.Value {
  public static var argumentListSpec: ArgumentSpec { ArgumentSpec(.listMap) }
}

extension Array: ArgumentValue where Element: ArgumentListItem {
  public static var argumentSpec: ArgumentSpec { Element.argumentListSpec }
  public init(argument value: Value, named name: ByteText) throws(ArgumentError) {
    guard let items = value.array else { throw .mismatch(name, "a list", value) }
    self = []
    reserveCapacity(items.count)
    for (index, item) in items.enumerated() {
      append(try Element(argument: item, named: "\(name)[\(index)]"))
    }
  }
  public var argumentValue: Value { .array(map(\.argumentValue)) }
}
