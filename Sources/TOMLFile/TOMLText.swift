import CTOML
import TOMLKit

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Parses TOML, with one kind of error.
public enum TOMLText {
  /// Why a text is no TOML.
  public struct Fault: Error, Equatable, CustomStringConvertible {
    /// From 1; nil when it concerns the whole text.
    public var line: Int?
    public var reason: String

    /// `line 3: …`
    public var description: String { (line.map { "line \($0): " } ?? "") + reason }
  }

  /// What the parser says, without what the scanner knows.
  private struct ParserFault: Error {
    var line: Int
    var words: String
  }

  /// - Throws: `Fault` naming the line; its reason holds no control characters.
  public static func table(_ text: String) throws(Fault) -> TOMLTable {
    try parsed(text) { try TOMLTable(string: $0) }
  }

  /// The text as JSON. Nothing of what was parsed stays in memory: the tables of `TOMLKit`, and its texts, are never freed.
  ///
  /// - Throws: as `table`, and for a date or a time, which JSON has no kind for.
  static func json(_ text: String, _ options: FormatOptions) throws(Fault) -> String {
    try parsed(text, hasDates: false) { text in
      let fault = UnsafeMutablePointer<CTOMLParseError>.allocate(capacity: 1)
      defer { fault.deallocate() }
      guard let table = tableCreateFromString(text, fault) else {
        let (words, line) = (fault.pointee.description, fault.pointee.source.begin.line)
        defer { free(UnsafeMutableRawPointer(mutating: words)) }
        throw ParserFault(line: Int(line), words: String(cString: words))
      }
      // The empty table itself stays: nothing of the library deletes it.
      defer { tableClear(table) }
      let json = tableConvertToJSON(table, options.rawValue)
      defer { free(json) }
      return String(cString: json)
    }
  }

  private static func parsed<Result>(
    _ text: String, hasDates: Bool = true, _ parse: (String) throws -> Result
  ) throws(Fault) -> Result {
    let scanner = TOMLScanner(text)
    if let fault = scanner.fault { throw fault }
    do {
      guard scanner.isWhole else {
        // What comes behind is not given to the parser: nobody has looked whether it stops it.
        _ = try parse(scanner.walked)
        throw Fault(line: scanner.line, reason: "is not TOML")
      }
      let result = try parse(text)
      if !hasDates, let line = scanner.dateLine {
        throw Fault(line: line, reason: "a date or a time must be text, in quotes")
      }
      return result
    } catch let fault as Fault {
      throw fault
    } catch let error as ParserFault {
      throw scanner.fault(of: error.line, error.words)
    } catch let error as TOMLParseError {
      throw scanner.fault(of: Int(error.source.begin.line), error.description)
    } catch {
      throw Fault(line: nil, reason: "is not TOML: \(error)")
    }
  }
}

extension TOMLScanner {
  /// What the parser says of a line. Of what is there again it says the kind; the name is ours, since the parser's has the beginning of
  /// what stood in quotes twice, and so is where it was set first.
  fileprivate func fault(of line: Int, _ words: String) -> TOMLText.Fault {
    let (redefine, insert) = ("cannot redefine existing ", "cannot insert '")
    let first = repeats.first(on: line)
    let place = first.map { ", which is first on line \($0.line)" } ?? ""
    let name = first.map { " '\($0.name)'" } ?? ""
    if let start = words.firstRange(of: redefine) {
      let kind = words[start.upperBound...].prefix { $0.isLetter || $0 == "-" }
      let other = [" as array-of-tables", " as table", " as dotted key-value pair"].first {
        words.hasSuffix($0)
      }
      let reason = "\(words[..<start.upperBound])\(kind)\(name)\(other ?? "")\(place)"
      return TOMLText.Fault(line: line, reason: reason)
    }
    if let start = words.firstRange(of: insert) {
      let reason = "\(words[..<start.lowerBound])cannot insert into existing inline table\(name)\(place)"
      return TOMLText.Fault(line: line, reason: reason)
    }
    return TOMLText.Fault(line: line, reason: words.printable)
  }
}

extension String {
  /// Control characters, which a hostile file may hold, as their numbers.
  var printable: String {
    var text = ""
    for scalar in unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format: text += "\\u{" + String(scalar.value, radix: 16) + "}"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
