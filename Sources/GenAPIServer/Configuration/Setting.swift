/// One setting in force, and where it is from.
package struct Setting: Sendable, Equatable {
  package enum Origin: Sendable, Equatable, CustomStringConvertible {
    case standard
    case file(String, line: Int?)
    case environment(String)
    /// A file that the service manager passes: systemd's `LoadCredential=`.
    case credential(String)

    package var description: String {
      switch self {
      case .standard: "default"
      case .file(let name, let line): name + (line.map { ":\($0)" } ?? "")
      case .environment(let name): "$\(name)"
      case .credential(let path): "the credential \(path)"
      }
    }
  }

  /// `websocket.listen`
  package var key: String
  /// As TOML would have it; "(hidden)" for a secret that is set.
  package var value: String
  package var origin: Origin
  /// In words.
  var allowed: String
  /// `[[key]]`: its value is in the configuration itself.
  var isTable = false
  /// Tells whether a secret changed without showing it.
  var digest: Int
}
