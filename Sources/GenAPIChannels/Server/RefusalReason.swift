import GenAPIValue

/// Why a connection was turned away before it was a socket.
public enum RefusalReason: String, CaseIterable, Sendable {
  /// The authenticator refused.
  case authentication
  /// A browser came from an origin that is not let in.
  case origin
  /// The Host header is not one of this gateway.
  case host
  /// The request is no HTTP.
  case malformed
  /// The client asked for a serializer's version that does not exist.
  case version
  /// As many connections are open as may be.
  case full
  /// One address had as many connections as it may have.
  case addressFull = "address_full"
  /// Hardly any descriptors are left, which operators need.
  case descriptors
  /// It was not done in time.
  case handshake
  /// A plain answer was not taken in time.
  case slowReader = "slow_reader"
  /// What a trusted proxy sent is no header of the PROXY protocol.
  case proxyHeader = "proxy_header"
  /// The gateway shuts down.
  case shutdown

  var text: ByteText { ByteText(rawValue) }
}
