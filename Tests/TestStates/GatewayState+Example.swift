import GenAPITelemetry
import GenAPIValue

extension GatewayState {
  /// A state with one entry in every list, in which every text is `text` and every number `number`: made by reading, so
  /// that a section or a field that is added is in it without a word here.
  public static func example(text: String = "a", number: Int64 = 7) throws -> GatewayState {
    try GatewayState(from: ExampleDecoder(text: text, number: number))
  }

  /// The names of its sections, in their order.
  public static var sectionNames: [ByteText] { SectionNames.all.map(\.name) }

  /// The names of those that are lists.
  public static var listNames: [ByteText] { SectionNames.all.filter(\.isList).map(\.name) }
}

private struct SectionNames: SectionVisitor {
  var names: [(name: ByteText, isList: Bool)] = []

  static var all: [(name: ByteText, isList: Bool)] {
    var names = SectionNames()
    GatewayState.visitSections(&names)
    return names.names
  }

  mutating func object<Object>(_ section: ObjectSection<Object>) { names.append((section.name, false)) }
  mutating func list<Entry>(_ section: ListSection<Entry>) { names.append((section.name, true)) }
}

/// A field of a value that is written as JSON, with what stands in it.
public struct WrittenField {
  public let section: ByteText
  /// The key it stands under, that of its list for an element.
  public let key: ByteText
  public let value: Value

  /// All fields of a state that are no object and no list.
  public static func all(of state: GatewayState) throws -> [WrittenField] {
    guard case .object(let sections) = try ValueEncoder().encode(state) else { return [] }
    return sections.flatMap { leaves(of: $0.value, section: $0.key, key: $0.key) }
  }

  private static func leaves(of value: Value, section: ByteText, key: ByteText) -> [WrittenField] {
    switch value {
    case .object(let fields): fields.flatMap { leaves(of: $0.value, section: section, key: $0.key) }
    case .array(let elements): elements.flatMap { leaves(of: $0, section: section, key: key) }
    default: [WrittenField(section: section, key: key, value: value)]
    }
  }
}
