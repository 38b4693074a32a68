/// Why a text is not TOON, or a value cannot be written as TOON.
public struct TOONError: Error, Equatable, CustomStringConvertible {
  /// The rule that was broken.
  public enum Rule: String, Sendable, CaseIterable {
    /// The text is not well-formed UTF-8.
    case utf8 = "well-formed UTF-8"
    /// The document has more than one value at its root.
    case rootForm = "root form"
    /// An array's header is malformed.
    case header = "array header"
    /// A quoted text has an escape that does not exist, or no end.
    case escaping = "escaping"
    /// A number cannot be represented.
    case number = "number range"
    /// A key is not followed by a colon.
    case missingColon = "missing colon"
    /// An item of a list is malformed.
    case listItem = "list item"
    /// A row of keyed entries is malformed.
    case keyedRow = "entry row"
    /// A line's indentation fits no level.
    case indentation = "indentation"
    /// A blank line stands where none may.
    case blankLine = "blank line"
    /// An array has another count than its header declares.
    case count = "declared count"
    /// A row has more or fewer values than its header has columns.
    case rowWidth = "row width"
    /// A key stands twice in an object.
    case duplicateKey = "duplicate key"
    /// Bounds of the reader and the writer, which the specification leaves to them.
    case depth = "depth limit"
    /// The text is longer than the reader's bound.
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

  /// What is wrong, for people.
  public var message: String
  /// The rule that was broken.
  public var rule: Rule
  /// From 1; 0 when the error has no place in a text.
  public var line: Int
  /// In characters (Unicode scalars), from 1; 0 when the error has no place in a text.
  public var column: Int

  /// Makes an error at a place of a text, or at none.
  public init(_ message: String, rule: Rule, line: Int = 0, column: Int = 0) {
    self.message = message
    self.rule = rule
    self.line = line
    self.column = column
  }

  public var description: String {
    let location = line > 0 ? "line \(line), column \(column): " : ""
    let section = rule.section.map { ", section \($0)" } ?? ""
    return "\(location)\(message) (\(rule.rawValue)\(section))"
  }
}
