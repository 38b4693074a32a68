import GenAPIGateway
import GenAPIValue

/// Decides who a client is, before its socket opens.
public protocol Authenticator: Sendable {
  /// - Throws: `AuthenticationRefused`, or any other error: the client gets HTTP 403 either way.
  func authenticate(_ request: ConnectRequest) async throws -> ClientIdentity

  /// Asked by whoever takes it, before it lets in the first client.
  ///
  /// - Throws: `AuthenticatorError` naming the setting that is out of range.
  func validate() throws(AuthenticatorError)
}

extension Authenticator {
  public func validate() throws(AuthenticatorError) {}
}

/// Why a client is not let in. The text is logged, and sent only where it is for the client.
public struct AuthenticationRefused: Error, Equatable, CustomStringConvertible {
  public var description: String
  /// Whether the answer, HTTP 403, says it too. What a stranger could learn from stays in the log; the bearer of a token that
  /// was verified may know what is wrong with it.
  public var isForClient: Bool

  /// Makes a refusal with a reason for the log.
  ///
  /// - Parameter isForClient: clients are told it too; they are not by default.
  public init(_ description: ByteText, isForClient: Bool = false) {
    self.description = description.string
    self.isForClient = isForClient
  }
}

/// Lets everybody in, as nobody: requests have no user.
public struct AnonymousAuthenticator: Authenticator {
  public init() {}

  public func authenticate(_ request: ConnectRequest) async throws -> ClientIdentity {
    ClientIdentity(ipAddress: request.remoteAddress)
  }
}

/// An authenticator that is a function.
public struct CustomAuthenticator: Authenticator {
  private let body: @Sendable (ConnectRequest) async throws -> ClientIdentity

  /// Makes an authenticator of a function.
  public init(_ body: @escaping @Sendable (ConnectRequest) async throws -> ClientIdentity) {
    self.body = body
  }

  public func authenticate(_ request: ConnectRequest) async throws -> ClientIdentity {
    var identity = try await body(request)
    identity.ipAddress = identity.ipAddress ?? request.remoteAddress
    return identity
  }
}
