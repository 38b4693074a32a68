import NIOCore
import NIOPosix
import NIOSSL

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Says in words why a client's socket could not be opened.
enum ConnectFailure {
  static func describe(_ error: any Error) -> String {
    switch error {
    case let error as NIOConnectionError:
      if let first = error.connectionErrors.first { return describe(first.error) }
      return "the host \(error.host) is not known"
    case let error as IOError:
      if error.errnoCode == ECONNREFUSED { return "nobody listens there (connection refused)" }
      return String(cString: strerror(error.errnoCode))
    case is ChannelError: return "the server ended the connection before it was a socket"
    case let error as NIOSSLExtraError where error == .failedToValidateHostname:
      return "the server's certificate is for another name"
    case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError: return tls("\(error)")
    default: return "\(error)"
    }
  }

  /// The library's own text holds places in its source, which tell a user nothing; the reason stands in it by name.
  static func tls(_ text: String) -> String {
    let reasons = [
      (
        "CERTIFICATE_VERIFY_FAILED",
        "the server's certificate has expired, or is signed by nobody who is trusted here"
      ),
      ("WRONG_VERSION_NUMBER", "the server does not speak TLS there"),
      ("HTTP_REQUEST", "the server does not speak TLS there"),
      ("uncleanShutdown", "the server ended the connection before it was a socket"),
      ("CERTIFICATE_REQUIRED", "the server asks for a certificate of the client's"),
      ("UNSUPPORTED_PROTOCOL", "the server speaks another version of TLS"),
    ]
    if let reason = reasons.first(where: { text.contains($0.0) }) { return reason.1 }
    return "TLS: " + text.prefix { $0 != "/" }
  }
}
