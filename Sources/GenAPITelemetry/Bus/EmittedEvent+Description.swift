import GenAPIValue

extension EmittedEvent: CustomStringConvertible {
  /// A line for a person: the event's name, then its measurements and metadata as `key=value`.
  public var description: String {
    var visitor = LineVisitor(line: name.path.string)
    event.visitMeasurements(&visitor)
    event.visitMetadata(&visitor)
    return visitor.line
  }
}

/// Takes down the fields of an event one behind the other.
private struct LineVisitor: FieldVisitor {
  var line: String

  mutating func field(_ key: StaticString, _ value: Int64) { line += " \(key)=\(value)" }
  mutating func field(_ key: StaticString, _ value: ByteText) { line += " \(key)=\(value.shown)" }
  mutating func field(_ key: StaticString, _ value: Bool) { line += " \(key)=\(value)" }
  mutating func field(_ key: StaticString, _ value: [ByteText]) {
    line += " \(key)=[\(value.map(\.shown).joined(separator: ", "))]"
  }
}
