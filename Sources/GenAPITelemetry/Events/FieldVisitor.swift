import GenAPIValue

/// Receives the fields of an event one by one, so that an encoder needs no intermediate dictionary.
public protocol FieldVisitor: ~Copyable {
  /// Takes a field under its name in the catalogue.
  mutating func field(_ key: StaticString, _ value: Int64)
  /// Takes a field under its name in the catalogue.
  mutating func field(_ key: StaticString, _ value: ByteText)
  /// Takes a field under its name in the catalogue.
  mutating func field(_ key: StaticString, _ value: Bool)
  /// Takes a field under its name in the catalogue.
  mutating func field(_ key: StaticString, _ value: [ByteText])
}

extension FieldVisitor where Self: ~Copyable {
  mutating func field(_ key: StaticString, _ value: some RawRepresentable<String>) {
    field(key, ByteText(value.rawValue))
  }

  mutating func field(_ key: StaticString, _ value: Int) { field(key, Int64(value)) }

  /// Absent values are left out.
  mutating func field(_ key: StaticString, _ value: ByteText?) {
    if let value { field(key, value) }
  }

  mutating func field(_ key: StaticString, _ value: [ByteText]?) {
    if let value { field(key, value) }
  }

  mutating func field(_ key: StaticString, _ value: Int?) {
    if let value { field(key, Int64(value)) }
  }
}
