import GenAPIGateway
import Locking

/// An authenticator that can be replaced while clients come in, as when secrets change. Sockets that are open stay.
public final class LiveAuthenticator: Authenticator {
  private let authenticator: Mutex<any Authenticator>

  /// Makes one that asks this authenticator until another takes its place.
  public init(_ authenticator: any Authenticator) { self.authenticator = Mutex(authenticator) }

  /// Puts another in its place, for those who connect from now on.
  ///
  /// - Throws: `AuthenticatorError`, and nothing is replaced then.
  public func replace(_ authenticator: any Authenticator) throws(AuthenticatorError) {
    try authenticator.validate()
    self.authenticator.withLock { $0 = authenticator }
  }

  public func validate() throws(AuthenticatorError) { try authenticator.withLock { $0 }.validate() }

  public func authenticate(_ request: ConnectRequest) async throws -> ClientIdentity {
    try await authenticator.withLock { $0 }.authenticate(request)
  }
}
