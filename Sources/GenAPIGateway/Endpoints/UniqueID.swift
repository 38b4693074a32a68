import GenAPIValue

/// A UUID in its canonical form, as an argument of the type uuid gives it.
public struct UniqueID: ArgumentListItem, Hashable, Codable, CustomStringConvertible {
  /// 36 characters, as they were sent.
  public let description: String

  /// nil unless the text has the canonical form (RFC 9562).
  public init?(_ text: ByteText) {
    guard UUIDText.isCanonical(text.string) else { return nil }
    description = text.string
  }

  static var argumentSpec: ArgumentSpec { ArgumentSpec(.uuid) }
  static var argumentListSpec: ArgumentSpec { ArgumentSpec(.listUUID) }
  init(argument value: Value, named name: ByteText) throws(ArgumentError) {
    guard let text = value.string, let id = UniqueID(text) else {
      throw .mismatch(name, "a UUID of the form 8-4-4-4-12 hexadecimal digits", value)
    }
    self = id
  }
  var argumentValue: Value { .string(ByteText(description)) }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let id = UniqueID(try ByteText(container.decode(String.self))) else {
      throw DecodingError.dataCorrupted(.init(telling: "not a UUID", at: container.codingPath))
    }
    self = id
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
