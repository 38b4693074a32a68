import Listening
import NIOCore
import NIOSSL

/// Looks at the certificate that a server shows, and ends the connection then: nothing is said over it, and nobody is believed.
///
/// For whoever has to say why a certificate was not trusted, which BoringSSL does not tell.
package struct CertificateLook: TransportEncryption {
  private let context: NIOSSLContext
  private let found: @Sendable (ClosedRange<Int64>) -> Void

  /// - Parameter found: told from when to when the server's own certificate is good, in seconds since the Unix epoch.
  package init(_ found: @escaping @Sendable (ClosedRange<Int64>) -> Void) throws {
    context = try NIOSSLContext(configuration: .makeClientConfiguration())
    self.found = found
  }

  package func handlerOfServer() throws -> any ChannelHandler { NIOSSLServerHandler(context: context) }

  package func handlerOfClient(host: String?) throws -> any ChannelHandler {
    try NIOSSLClientHandler(
      context: context, serverHostname: nil,
      customVerificationCallback: {
        [found] (certificates: [NIOSSLCertificate], promise: EventLoopPromise<NIOSSLVerificationResult>) in
        if let own = certificates.first {
          let from = Int64(own.notValidBefore)
          found(from...max(from, Int64(own.notValidAfter)))
        }
        promise.succeed(.failed)
      })
  }

  package func describe(_ error: any Error) -> String? { TLS.words(error) }
}
