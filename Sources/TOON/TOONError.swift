/// Why a text is not TOON, or a value cannot be written as TOON.
public struct TOONError: Error, Equatable, CustomStringConvertible {
  /// The rule that was broken.
  public enum Rule: String, Sendable, CaseIterable {
    case utf8 = "well-formed UTF-8"
    case rootForm = "root form"
    case header = "array header"
    case escaping = "escaping"
    case number = "number range"
    case missingColon = "missing colon"
    case listItem = "list item"
    case keyedRow = "entry row"
    case indentation = "indentation"
    case blankLine = "blank line"
    case count = "declared count"
    case rowWidth = "row width"
    case duplicateKey = "duplicate key"
    /// Bounds of the reader and the writer, which the specification leaves to them.
    case depth = "depth limit"
    case size = "size limit"

    /// Where the specification states it, if it does.
    public var section: String? {
      switch self {
      case .utf8, .number: "4"
      case .rootForm: "5"
      case .header: "6"
      case .escaping: "7.1"
      case .missingColon: "14.2"
      case .listItem: "9.4"
      case .keyedRow: "9.5"
      case .indentation, .blankLine: "12"
      case .count, .rowWidth: "14.1"
      case .duplicateKey: "14.3"
      case .depth, .size: nil
      }
    }
  }

  public var message: String
  public var rule: Rule
  /// From 1; 0 when the error has no place in a text.
  public var line: Int
  /// In characters (Unicode scalars), from 1; 0 when the error has no place in a text.
  public var column: Int

  public init(_ message: String, rule: Rule, line: Int = 0, column: Int = 0) {
    self.message = message
    self.rule = rule
    self.line = line
    self.column = column
  }

  public var description: String {
    let place = line > 0 ? "line \(line), column \(column): " : ""
    let section = rule.section.map { ", section \($0)" } ?? ""
    return "\(place)\(message) (\(rule.rawValue)\(section))"
  }
}
