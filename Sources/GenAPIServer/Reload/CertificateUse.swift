import NIOSSL

/// A certificate that the server shows, and until when.
public struct CertificateUse: Sendable, Equatable {
  /// `websocket` or `cluster`.
  public var use: String
  public var path: String
  /// When the first of its chain expires, in seconds since the Unix epoch; nil when it cannot be read.
  public var expiresAt: Int64?

  init(_ use: String, _ path: String) {
    self.use = use
    self.path = path
    expiresAt = (try? NIOSSLCertificate.fromPEMFile(path))?.map { Int64($0.notValidAfter) }.min()
  }

  init(use: String, path: String, expiresAt: Int64?) {
    self.use = use
    self.path = path
    self.expiresAt = expiresAt
  }
}
