import GenAPIValue

/// A certificate that a gateway shows.
public struct CertificateState: StateEntry {
  /// Which part shows it: `websocket` or `cluster`.
  public var use: ByteText
  /// Its file.
  public var path: ByteText
  /// When the first of its chain expires, microseconds since the Unix epoch; nil when it could not be read.
  public var expiresAt: Int64?

  public var entryKey: ByteText { [use, path].joinedAsKey }
  public var owner: StateOwner { .gateway }

  public init(use: ByteText, path: ByteText, expiresAt: Int64? = nil) {
    self.use = use
    self.path = path
    self.expiresAt = expiresAt
  }

  public mutating func edit(_ editor: inout some StateEditor) {
    editor.name(&use)
    editor.name(&path)
    editor.time(&expiresAt)
  }

  private enum CodingKeys: String, CodingKey {
    case use
    case path
    case expiresAt = "expires_at"
  }
}
