import GenAPIGateway
import Synchronization

/// An authenticator that can be replaced while clients come in, as when secrets change. Sockets that are open stay.
public final class LiveAuthenticator: Authenticator {
  private let authenticator: Mutex<any Authenticator>

  /// Makes one that asks this authenticator until another takes its place.
  public init(_ authenticator: any Authenticator) { self.authenticator = Mutex(authenticator) }

  /// Puts another in its place, for those who connect from now on.
  public func replace(_ authenticator: any Authenticator) {
    self.authenticator.withLock { $0 = authenticator }
  }

  public func authenticate(_ request: ConnectRequest) async throws -> ClientIdentity {
    try await authenticator.withLock { $0 }.authenticate(request)
  }
}
