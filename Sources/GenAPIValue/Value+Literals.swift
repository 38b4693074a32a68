extension Value: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByStringInterpolation, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral
{
  public init(nilLiteral: ()) { self = .null }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(integerLiteral value: Int64) { self = .int(value) }
  public init(floatLiteral value: Double) { self = .double(value) }
  public init(stringLiteral value: String) { self = .string(ByteText(value)) }
  public init(stringInterpolation: DefaultStringInterpolation) {
    self = .string(ByteText(stringInterpolation: stringInterpolation))
  }
  public init(arrayLiteral elements: Value...) { self = .array(elements) }

  /// The last of two equal keys wins.
  public init(dictionaryLiteral elements: (ByteText, Value)...) {
    var object = ValueObject()
    for (key, value) in elements { object[key] = value }
    self = .object(object)
  }
}
