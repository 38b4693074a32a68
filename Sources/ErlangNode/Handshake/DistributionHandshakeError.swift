/// Why two nodes did not connect.
public enum DistributionHandshakeError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The other node has another cookie, or we have.
  case wrongCookie(String)
  /// The other node refused: it has a connection to a node of our name, does not allow it, or is connecting to us.
  case refused(node: String, status: String)
  /// We refused the other node: it has our name, or too many nodes are connected, or our own connection to it stays.
  case notLetIn(String, status: String)
  /// Another node answered than the one that was called.
  case wrongName(expected: String, got: String)
  /// An older node.
  case unsupported(node: String)
  /// The other side sent something that is no handshake.
  case malformed(String)
  /// The connection ended within the handshake.
  case closed
  /// The other node ended the connection when it had our answer to its challenge, as it does when it has another cookie.
  case closedAtCookie(String)
  /// The handshake took too long.
  case timeout

  public var description: String {
    switch self {
    case .wrongCookie(let node): "\(node) has another cookie"
    case .refused(let node, let status): "\(node) refused the connection: \(status)"
    case .notLetIn(let node, let status): "\(node) was told \(status)"
    case .wrongName(let expected, let got): "\(got) answered where \(expected) was expected"
    case .unsupported(let node): "\(node) is older than OTP 23"
    case .malformed(let what): "the handshake cannot be understood: \(what)"
    case .closed: "the connection closed during the handshake"
    case .closedAtCookie(let node):
      "\(node) closed the connection in the handshake, as with another cookie"
    case .timeout: "the handshake took too long"
    }
  }
}
