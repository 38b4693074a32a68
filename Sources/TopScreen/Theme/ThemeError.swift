/// Why a theme file was refused.
public struct ThemeError: Error, Equatable, CustomStringConvertible {
  /// The file's name or path.
  public var file: String
  /// From 1; nil when it concerns the whole file.
  public var line: Int?
  public var key: String?
  /// What is wrong, and what would be right.
  public var reason: String

  public init(file: String, line: Int? = nil, key: String? = nil, reason: String) {
    self.file = file
    self.line = line
    self.key = key
    self.reason = reason
  }

  /// `solar.toml:12: key "ok": …`.
  public var description: String {
    file + (line.map { ":\($0)" } ?? "") + ": " + (key.map { "key \"\($0)\": " } ?? "") + reason
  }
}
