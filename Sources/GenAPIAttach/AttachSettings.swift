import ErlangNode
import Listening
import Logging

/// How a gateway of the Elixir library is watched.
public struct AttachSettings: Sendable {
  /// The secret of its cluster.
  public var cookie: Cookie
  /// How often the gateway is asked for its numbers: 200 ms … 1 min, default 1 s.
  public var interval: Duration = .seconds(1)
  /// Where epmd is asked for the gateway's port: the node's host, at this port. Default: the variable ERL_EPMD_PORT, or 4369.
  public var epmdPort: Int?
  /// Encrypts the connection, as `inet_tls_dist` has it; nil speaks without. `TLS` of GenAPITLS is one.
  public var tls: (any TransportEncryption)?
  /// What looks at a certificate that was not trusted, and tells from when to when it is good, in seconds since the Unix epoch: why it
  /// was not is told by that.
  package var certificateLook:
    (@Sendable (_ found: @escaping @Sendable (ClosedRange<Int64>) -> Void) throws -> any TransportEncryption)?
  /// Whether a module is put there that counts and sends events. Without it only what the library holds is read, and nothing is
  /// loaded there; default: true.
  public var usesAgent = true
  /// Where is logged what is nobody's answer.
  public var logger = Logger(label: "genapi.attach") { _ in SwiftLogNoOpLogHandler() }

  /// Makes the settings with the cluster's cookie.
  public init(cookie: Cookie) { self.cookie = cookie }
}
