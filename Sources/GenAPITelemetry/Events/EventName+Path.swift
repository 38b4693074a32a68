import GenAPIValue

extension EventName {
  /// Every event path starts with this element.
  public static let prefix: ByteText = "phoenix_gen_api."

  /// What is said of it in the table of events.
  public var definition: EventDefinition { Self.definitions[Int(rawValue)] }

  /// The category that the name begins with.
  public var category: EventCategory { definition.category }

  /// The path joined with dots: `phoenix_gen_api.executor.request.stop`.
  public var path: ByteText { Self.paths[Int(rawValue)] }

  /// The path without `phoenix_gen_api.`: `executor.request.stop`. What a screen shows.
  public var shortName: ByteText { definition.shortName }

  /// The path as the list of its elements, as the specification writes it.
  public var elements: [ByteText] { path.split(separator: UInt8(ascii: ".")) }

  /// Finds a name by its full path or by its short form; nil when there is no such event.
  public init?(path: ByteText) {
    guard let name = Self.byShortName[path.dropping(prefix: Self.prefix) ?? path] else { return nil }
    self = name
  }

  /// By raw value.
  private static let definitions = allCases.map(\.row)
  private static let byShortName = Dictionary(uniqueKeysWithValues: allCases.map { ($0.shortName, $0) })
  private static let paths = definitions.map(\.path)
}

extension EventName: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let path = try container.decode(ByteText.self)
    guard let name = EventName(path: path) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "no event is named \(path)")
    }
    self = name
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(path)
  }
}
