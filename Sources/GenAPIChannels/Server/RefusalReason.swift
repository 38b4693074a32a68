import GenAPIValue

/// Why a connection was turned away before it was a socket.
public enum RefusalReason: String, CaseIterable, Sendable {
  case authentication, origin, host, malformed, version, full
  /// One address had as many connections as it may have.
  case addressFull = "address_full"
  /// It was not done in time.
  case handshake
  /// A plain answer was not taken in time.
  case slowReader = "slow_reader"
  /// What a trusted proxy sent is no header of the PROXY protocol.
  case proxyHeader = "proxy_header"
  case shutdown

  var text: ByteText { ByteText(rawValue) }
}
