import Foundation
import GenAPITelemetry
import GenAPIValue

/// What docs/events.md says of each event.
public struct EventDocument {
  public struct Row {
    public var category: String
    public var name: String
    public var about: String
    public var severity: String
    public var measurements: [Field]
    public var metadata: [Field]
  }

  public struct Field {
    public var name: String
    public var isOptional: Bool
  }

  public let rows: [Row]

  private static let groups = [
    "*request*": "request_id, service, request_type, version?, user_id?, trace_id?, parent_span_id?",
    "*failure*": "kind, reason, stacktrace",
  ]

  public init() throws {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("docs/events.md")
    var category = ""
    var rows: [Row] = []
    for line in try String(contentsOf: path, encoding: .utf8).split(separator: "\n") {
      if line.hasPrefix("## ") { category = String(line.dropFirst(3)) }
      guard line.hasPrefix("| `") else { continue }
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      rows.append(
        Row(
          category: category, name: cells[0].trimmingCharacters(in: ["`"]), about: cells[1],
          severity: cells[2], measurements: Self.fields(cells[3]), metadata: Self.fields(cells[4])))
    }
    self.rows = rows
  }

  public func row(_ name: EventName) -> Row? { rows.first { $0.name == name.shortName.string } }

  private static func fields(_ cell: String) -> [Field] {
    if cell == "–" { return [] }
    return cell.components(separatedBy: ", ").flatMap { text in
      if let group = groups[text] { return fields(group) }
      return [Field(name: text.trimmingCharacters(in: ["?"]), isOptional: text.hasSuffix("?"))]
    }
  }
}

extension [EventDocument.Field] {
  /// Whether these are the fields, in this order, and only optional ones are left out.
  public func allow(_ names: [String]) -> Bool {
    var names = names[...]
    for field in self {
      if names.first == field.name { names.removeFirst() } else if !field.isOptional { return false }
    }
    return names.isEmpty
  }
}
