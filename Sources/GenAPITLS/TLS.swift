import Listening
import NIOCore
import NIOSSL

/// TLS for sockets, their clients and the nodes of a cluster: what their configurations take as `tls`.
///
/// Certificates and keys are read when it is made, and not again; a server takes a new one by `replaceTLS`.
public struct TLS: TransportEncryption {
  private let context: NIOSSLContext

  /// - Parameter configuration: everything that swift-nio-ssl can be told, of a server or of a client.
  /// - Throws: what NIOSSL says, such as that a key is not its certificate's.
  public init(_ configuration: TLSConfiguration) throws {
    context = try NIOSSLContext(configuration: configuration)
  }

  /// A server that shows a certificate; among nodes of a cluster it is shown at both ends.
  ///
  /// - Parameters:
  ///   - certificate: a PEM file with the certificate, and those between it and its authority.
  ///   - key: a PEM file with its key, without a passphrase.
  ///   - authority: a PEM file with what must have signed the other end's certificate; nil asks for none.
  /// - Throws: what NIOSSL says of the files.
  public static func server(certificate: String, key: String, authority: String? = nil) throws -> TLS {
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: try NIOSSLCertificate.fromPEMFile(certificate).map { .certificate($0) },
      privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem)))
    if let authority {
      configuration.trustRoots = .file(authority)
      // Names of nodes are not names of hosts.
      configuration.certificateVerification = .noHostnameVerification
    }
    return try TLS(configuration)
  }

  /// A client.
  ///
  /// - Parameters:
  ///   - authority: a PEM file with what must have signed the server's certificate; nil takes what the system trusts.
  ///   - verifies: false takes any certificate, and so any server.
  ///   - verifiesName: false takes one of any name: names of nodes are not names of hosts.
  /// - Throws: what NIOSSL says of the file.
  public static func client(
    trusting authority: String? = nil, verifies: Bool = true, verifiesName: Bool = true
  )
    throws -> TLS
  {
    var configuration = TLSConfiguration.makeClientConfiguration()
    if let authority {
      configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(authority))
    }
    if !verifiesName { configuration.certificateVerification = .noHostnameVerification }
    if !verifies { configuration.certificateVerification = .none }
    return try TLS(configuration)
  }

  public func handlerOfServer() -> any ChannelHandler { NIOSSLServerHandler(context: context) }

  public func handlerOfClient(host: String?) throws -> any ChannelHandler {
    try NIOSSLClientHandler(context: context, serverHostname: host)
  }

  public func describe(_ error: any Error) -> String? {
    switch error {
    case let error as NIOSSLExtraError where error == .failedToValidateHostname:
      "the server's certificate is for another name"
    case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError: Self.words("\(error)")
    default: nil
    }
  }

  /// The library's own text holds places in its source, which tell a user nothing; the reason stands in it by name.
  private static func words(_ text: String) -> String {
    let reasons = [
      (
        "CERTIFICATE_VERIFY_FAILED",
        "the server's certificate has expired, or is signed by nobody who is trusted here"
      ),
      ("WRONG_VERSION_NUMBER", "the server does not speak TLS there"),
      ("HTTP_REQUEST", "the server does not speak TLS there"),
      ("uncleanShutdown", "the server ended the connection before it was a socket"),
      ("ALERT_BAD_CERTIFICATE", "the server does not take the certificate that it was shown"),
      ("ALERT_UNKNOWN_CA", "the server does not trust the certificate that it was shown"),
      ("CERTIFICATE_REQUIRED", "the server asks for a certificate of the client's"),
      ("UNSUPPORTED_PROTOCOL", "the server speaks another version of TLS"),
    ]
    if let reason = reasons.first(where: { text.contains($0.0) }) { return reason.1 }
    return "TLS: " + text.prefix { $0 != "/" }
  }
}
