/// What a client says when it asks for a socket.
public struct ConnectRequest: Sendable, Equatable {
  /// The query's parameters; of one that is repeated the last.
  public var parameters: [String: String]
  /// By lower-case name; of one that is repeated the first.
  public var headers: [String: String]
  /// The peer's address without its port; nil over a Unix socket.
  public var remoteAddress: String?
  /// The token that phoenix.js sends as a subprotocol of its own, `base64url.bearer.phx.…`, decoded.
  public var bearerToken: String?

  public init(
    parameters: [String: String] = [:], headers: [String: String] = [:], remoteAddress: String? = nil,
    bearerToken: String? = nil
  ) {
    self.parameters = parameters
    self.headers = headers
    self.remoteAddress = remoteAddress
    self.bearerToken = bearerToken
  }

  /// The token of a client, wherever it put it: a subprotocol, an `Authorization: Bearer` header, or the parameter
  /// `token`.
  public var token: String? {
    if let bearerToken { return bearerToken }
    if let header = headers["authorization"], header.lowercased().hasPrefix("bearer ") {
      return String(header.dropFirst(7))
    }
    return parameters["token"]
  }
}
