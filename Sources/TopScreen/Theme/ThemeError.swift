/// Why a theme file was refused.
package struct ThemeError: Error, Equatable, CustomStringConvertible {
  /// The file's name or path.
  package var file: String
  /// From 1; nil when it concerns the whole file.
  package var line: Int?
  package var key: String?
  /// What is wrong, and what would be right.
  package var reason: String

  package init(file: String, line: Int? = nil, key: String? = nil, reason: String) {
    self.file = file
    self.line = line
    self.key = key
    self.reason = reason
  }

  /// `solar.toml:12: key "ok": …`.
  package var description: String {
    file + (line.map { ":\($0)" } ?? "") + ": " + (key.map { "key \"\($0)\": " } ?? "") + reason
  }
}
