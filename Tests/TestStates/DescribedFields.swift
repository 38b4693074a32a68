import GenAPITelemetry
import GenAPIValue

/// What each field of each section of a state is, found by showing the state to an editor that marks it.
public struct DescribedFields {
  /// The fields of a section, in their order; of a list within its entries too, as `relay[].members`.
  public private(set) var sections: [String: [MarkdownTables.Field]] = [:]

  public init() throws {
    var state = try GatewayState.example()
    var marks = KindMarks()
    state.edit(&marks)
    let bare = try GatewayState(from: ExampleDecoder(text: "a", number: 7, leavesOut: true))
    let written = try ValueEncoder().encode(state).object ?? [:]
    let least = try ValueEncoder().encode(bare).object ?? [:]
    for (name, value) in written { describe(value, without: least[name], as: name.string) }
  }

  private mutating func describe(_ value: Value, without bare: Value?, as name: String) {
    let fields = (value.array?.first ?? value).object ?? [:]
    let least = (bare?.array?.first ?? bare ?? .null).object ?? [:]
    sections[name] = fields.map { key, value in
      MarkdownTables.Field(
        name: key.string, type: Self.type(of: value, called: key.string), isOptional: least[key] == nil)
    }
    for (key, value) in fields where Self.type(of: value, called: key.string) == "list" {
      describe(value, without: least[key], as: "\(name)[].\(key)")
    }
  }

  private static func type(of value: Value, called key: String) -> String {
    switch value {
    case .bool: return "boolean"
    case .string("marked name"): return "name"
    case .string("marked text"): return "text"
    case .string: return "word"
    case .int(KindMarks.time): return "time"
    case .int(KindMarks.count):
      for (end, unit) in [("_ms", "ms"), ("_us", "µs"), ("_bytes", "bytes")] where key.hasSuffix(end) {
        return unit
      }
      return "count"
    case .int: return "number"
    case .double: return "seconds"
    case .array([.string("marked name")]): return "names"
    case .array([.string("marked text")]): return "texts"
    case .array(let elements): return elements.first?.object == nil ? "numbers" : "list"
    case .object(let fields): return fields["buckets"] == nil ? "counts" : "histogram"
    default: return "unknown"
    }
  }
}

/// Puts what a field is in the place of what it says.
private struct KindMarks: StateEditor {
  static let count: Int64 = 101
  static let time: Int64 = 102

  mutating func name(_ text: inout ByteText) { text = "marked name" }
  mutating func text(_ text: inout ByteText) { text = "marked text" }
  mutating func word(_ word: inout ByteText) { word = "marked word" }
  mutating func names(_ list: inout [ByteText]) { list = ["marked name"] }
  mutating func texts(_ list: inout [ByteText], most: Int) { list = ["marked text"] }
  mutating func count(_ count: inout Int) { count = Int(Self.count) }
  mutating func count(_ count: inout Int64) { count = Self.count }
  mutating func seconds(_ seconds: inout Double) { seconds = 0.5 }
  mutating func time(_ time: inout Int64) { time = Self.time }
}
