import GenAPIValue

/// Collects the fields of an event into an object, in the order they are visited.
public struct ValueObjectVisitor: FieldVisitor {
  /// The fields visited, in their order.
  public private(set) var object = ValueObject()

  public init() {}

  /// Keeps a field under its name.
  public mutating func field(_ key: StaticString, _ value: Int64) { object["\(key)"] = .int(value) }
  /// Keeps a field under its name.
  public mutating func field(_ key: StaticString, _ value: ByteText) { object["\(key)"] = .string(value) }
  /// Keeps a field under its name.
  public mutating func field(_ key: StaticString, _ value: Bool) { object["\(key)"] = .bool(value) }
  /// Keeps a field under its name.
  public mutating func field(_ key: StaticString, _ value: [ByteText]) {
    object["\(key)"] = .array(value.map(Value.string))
  }
}

extension TelemetryEvent {
  /// The numbers measured, as an object.
  public var measurements: ValueObject {
    var visitor = ValueObjectVisitor()
    visitMeasurements(&visitor)
    return visitor.object
  }

  /// What describes the event, as an object; absent fields are left out.
  public var metadata: ValueObject {
    var visitor = ValueObjectVisitor()
    visitMetadata(&visitor)
    return visitor.object
  }
}
