import NIOSSL

/// A certificate that the server shows, and until when.
package struct CertificateUse: Sendable, Equatable {
  /// `websocket` or `cluster`.
  package var use: String
  package var path: String
  /// When the first of its chain expires, in seconds since the Unix epoch; nil when it cannot be read.
  package var expiresAt: Int64?

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
