/// Why a file cannot be used for TLS.
public struct TLSFileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file, as it was named.
  public let path: String
  /// What is wrong with it, as a sentence goes on after its name.
  public let reason: String

  package init(path: String, reason: String) {
    self.path = path
    self.reason = reason
  }

  public var description: String { "\(path) \(reason)" }
}
