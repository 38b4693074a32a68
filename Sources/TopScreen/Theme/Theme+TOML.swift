import OutsideText
import TOMLFile
import TOMLKit

extension Theme {
  /// Reads a theme file: `name`, and a table `colors` with a value for each `ThemeKey`; a key that is left out
  /// has the built-in theme's colour.
  ///
  /// - Throws: `ThemeError`, which names the file, the line and the key, and says what is allowed.
  package init(toml text: String, file: String) throws {
    // A theme has some 25 keys; a file of another kind should not be parsed for long.
    guard text.utf8.count <= 65_536 else {
      throw ThemeError(file: file, reason: "is larger than a theme can be (64 KiB)")
    }
    let table: TOMLTable
    do throws(TOMLText.Fault) {
      table = try TOMLText.table(text)
    } catch {
      throw ThemeError(file: file, line: error.line, reason: error.reason)
    }
    let lines = TOMLLines(text)
    for key in table.keys where key != "name" && key != "colors" {
      throw ThemeError(
        file: file, line: lines.line(of: [key]), key: key, reason: "is not known; allowed are name and colors"
      )
    }
    var name = file.split(separator: "/").last.map(String.init) ?? file
    if name.hasSuffix(".toml") { name.removeLast(5) }
    if let value = table["name"] {
      guard let given = value.string, !given.isEmpty, given.utf8.count <= 40 else {
        throw ThemeError(
          file: file, line: lines.line(of: "name"), key: "name", reason: "must be text of 1 to 40 bytes")
      }
      name = given.shown
    }
    guard let colors = table["colors"]?.table else {
      throw ThemeError(
        file: file, line: lines.line(of: "colors"), key: "colors", reason: "must be a table: [colors]")
    }
    self.init(name: name, colors: try Self.colors(in: colors, file: file, lines: lines))
  }

  private static func colors(
    in table: TOMLTable, file: String, lines: TOMLLines
  ) throws -> [ThemeKey: Color] {
    var colors = Theme.standard.colors
    for name in table.keys {
      let line = lines.line(of: ["colors", name])
      guard let key = ThemeKey(rawValue: name) else {
        let allowed = ThemeKey.allCases.map(\.rawValue).joined(separator: ", ")
        throw ThemeError(file: file, line: line, key: name, reason: "is not known; allowed are \(allowed)")
      }
      let parsed = table[name].flatMap { value in
        value.string.flatMap(ColorValue.parse) ?? value.int.flatMap(ColorValue.parse(index:))
      }
      switch parsed {
      case .color(let color): colors[key] = color
      case .terminalsOwn: colors[key] = nil
      case nil:
        throw ThemeError(
          file: file, line: line, key: name,
          reason:
            "\(table[name]?.debugDescription ?? "the value") is no colour; allowed are \(ColorValue.forms)")
      }
    }
    return colors
  }
}
