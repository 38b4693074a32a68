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
  /// - Throws: `TLSFileError`.
  public static func server(certificate: String, key: String, authority: String? = nil) throws -> TLS {
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: try PEMFile.certificates(certificate).map { .certificate($0) },
      privateKey: .privateKey(try PEMFile.key(key)))
    if let authority {
      configuration.trustRoots = .certificates(try PEMFile.certificates(authority))
      // Names of nodes are not names of hosts.
      configuration.certificateVerification = .noHostnameVerification
    }
    do { return try TLS(configuration) } catch NIOSSLError.failedToLoadPrivateKey {
      throw TLSFileError(path: key, reason: "is not the key of the certificate in \(certificate)")
    } catch {
      throw TLSFileError(
        path: certificate, reason: "cannot be used with its key: \(words(error) ?? "\(error)")")
    }
  }

  /// A client.
  ///
  /// - Parameters:
  ///   - authority: a PEM file with what must have signed the server's certificate; nil takes what the system trusts.
  ///   - verifies: false takes any certificate, and so any server.
  ///   - verifiesName: false takes one of any name: names of nodes are not names of hosts.
  /// - Throws: `TLSFileError`; what NIOSSL says where the system trusts nobody.
  public static func client(
    trusting authority: String? = nil, verifies: Bool = true, verifiesName: Bool = true
  )
    throws -> TLS
  {
    var configuration = TLSConfiguration.makeClientConfiguration()
    if let authority {
      configuration.trustRoots = .certificates(try PEMFile.certificates(authority))
    }
    if !verifiesName { configuration.certificateVerification = .noHostnameVerification }
    if !verifies { configuration.certificateVerification = .none }
    return try TLS(configuration)
  }

  public func handlerOfServer() -> any ChannelHandler { NIOSSLServerHandler(context: context) }

  public func handlerOfClient(host: String?) throws -> any ChannelHandler {
    try NIOSSLClientHandler(context: context, serverHostname: host)
  }

  public func describe(_ error: any Error) -> String? { Self.words(error) }

  /// Says in words what an error of NIOSSL's means; nil for any other error.
  package static func words(_ error: any Error) -> String? {
    switch error {
    case let error as NIOSSLExtraError where error == .failedToValidateHostname:
      EncryptionProblem.otherName.rawValue
    case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError: words(of: "\(error)")
    default: nil
    }
  }

  /// What the other end, or BoringSSL, calls a reason, in the order in which they are looked for.
  private static let reasons: [(name: String, problem: EncryptionProblem)] = [
    ("CERTIFICATE_VERIFY_FAILED", .untrusted), ("WRONG_VERSION_NUMBER", .unencrypted),
    ("HTTP_REQUEST", .unencrypted),
    ("HTTPS_PROXY_REQUEST", .unencrypted), ("uncleanShutdown", .ended),
    ("EOF during handshake", .ended), ("UNKNOWN_CA", .refusesOurs),
    ("BAD_CERTIFICATE", .refusesOurs), ("CERTIFICATE_UNKNOWN", .refusesOurs), ("ACCESS_DENIED", .refusesOurs),
    ("UNSUPPORTED_CERTIFICATE", .refusesOurs), ("CERTIFICATE_EXPIRED", .oursExpired),
    ("CERTIFICATE_REVOKED", .oursExpired), ("PEER_DID_NOT_RETURN_A_CERTIFICATE", .showsNone),
    ("CERTIFICATE_REQUIRED", .wantsOurs), ("ALERT_NO_CERTIFICATE", .wantsOurs),
    ("HANDSHAKE_FAILURE", .refuses),
    ("INSUFFICIENT_SECURITY", .refuses), ("UNSUPPORTED_PROTOCOL", .otherVersion),
    ("PROTOCOL_VERSION", .otherVersion),
  ]

  /// The library's own text holds numbers and places in its source, which tell a user nothing; the reason stands in it by name.
  static func words(of text: String) -> String {
    if let reason = reasons.first(where: { text.contains($0.name) }) { return reason.problem.rawValue }
    guard let mark = text.firstRange(of: "OPENSSL_internal:") else { return "TLS: \(text)" }
    let name = text[mark.upperBound...].prefix { $0 == "_" || $0.isLetter || $0.isNumber }
    return "TLS: " + String(name.lowercased().map { $0 == "_" ? " " : $0 })
  }
}
