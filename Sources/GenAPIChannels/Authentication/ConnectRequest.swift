import GenAPIValue

/// What a client says when it asks for a socket.
public struct ConnectRequest: Sendable, Equatable {
  /// The query's parameters; of one that is repeated the last.
  public var parameters: [ByteText: ByteText]
  /// By lower-case name; of one that is repeated the first.
  public var headers: [ByteText: ByteText]
  /// The peer's address without its port; nil over a Unix socket.
  public var remoteAddress: ByteText?
  /// The token that phoenix.js sends as a subprotocol of its own, `base64url.bearer.phx.…`, decoded.
  public var bearerToken: ByteText?

  public init(
    parameters: [ByteText: ByteText] = [:], headers: [ByteText: ByteText] = [:],
    remoteAddress: ByteText? = nil,
    bearerToken: ByteText? = nil
  ) {
    self.parameters = parameters
    self.headers = headers
    self.remoteAddress = remoteAddress
    self.bearerToken = bearerToken
  }

  /// The token of a client, wherever it put it: a subprotocol, an `Authorization: Bearer` header, or the parameter
  /// `token`.
  public var token: ByteText? {
    if let bearerToken { return bearerToken }
    if let (scheme, token) = headers["authorization"]?.parted(at: UInt8(ascii: " ")),
      scheme.string.lowercased() == "bearer"
    {
      // One space or more: RFC 9110, section 11.4.
      return ByteText(Substring(token.utf8.drop { $0 == UInt8(ascii: " ") }))
    }
    return parameters["token"]
  }
}
