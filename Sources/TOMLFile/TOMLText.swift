import TOMLKit

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

  /// - Throws: `Fault` naming the line; its reason holds no control characters.
  public static func table(_ text: String) throws(Fault) -> TOMLTable {
    let scanner = TOMLScanner(text)
    if let fault = scanner.fault { throw fault }
    do {
      guard scanner.isWhole else {
        // What comes behind is not given to the parser: nobody has looked whether it stops it.
        _ = try TOMLTable(string: scanner.walked)
        throw Fault(line: scanner.line, reason: "is not TOML")
      }
      return try TOMLTable(string: text)
    } catch let fault as Fault {
      throw fault
    } catch let error as TOMLParseError {
      throw Fault(line: Int(error.source.begin.line), reason: error.description.printable)
    } catch {
      throw Fault(line: nil, reason: "is not TOML: \(error)")
    }
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
