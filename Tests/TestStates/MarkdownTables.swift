import Foundation

/// The tables of a document in `docs`, by the headings they stand under.
public struct MarkdownTables {
  /// A row of a table; a field of the table's first column may be several.
  public struct Field: Equatable, Sendable {
    public var name: String
    /// What the second column says.
    public var type: String
    /// Its name ends with a question mark.
    public var isOptional: Bool
  }

  /// The fields of every table whose first column is headed `field`, by the heading above it.
  public private(set) var fields: [String: [Field]] = [:]
  /// Of these the names of those that older gateways do not send, by what their last column says, by the heading.
  public private(set) var younger: [String: Set<String>] = [:]
  /// The first cells of every other table.
  public private(set) var words: [String: [String]] = [:]

  /// - Parameter path: from the project's root.
  public init(_ path: String) throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let text = try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    var heading = ""
    var header: [String]?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("#") { heading = line.drop { $0 == "#" }.trimmingCharacters(in: .whitespaces) }
      guard line.hasPrefix("|") else {
        header = nil
        continue
      }
      let cells = line.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false)
        .map { $0.trimmingCharacters(in: .whitespaces) }
      guard let names = header else {
        header = cells
        continue
      }
      if cells[0].hasPrefix("---") { continue }
      if names[0] != "field" {
        words[heading, default: []].append(cells[0])
      } else if !cells[0].hasPrefix("*") {
        if cells.last?.contains("older gateways") == true {
          younger[heading, default: []].insert(cells[0].trimmingCharacters(in: ["?"]))
        }
        fields[heading, default: []].append(
          Field(
            name: cells[0].trimmingCharacters(in: ["?"]), type: cells[1], isOptional: cells[0].hasSuffix("?"))
        )
      }
    }
  }
}
