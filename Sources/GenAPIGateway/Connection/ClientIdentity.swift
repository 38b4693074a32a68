/// Who is at the other end of a connection, as its transport verified.
public struct ClientIdentity: Sendable, Hashable {
  /// nil for an anonymous connection: then no request of it has a user, whatever it claims.
  public var userID: String?
  public var deviceID: String?
  public var roles: [String]?
  public var ipAddress: String?

  public init(
    userID: String? = nil, deviceID: String? = nil, roles: [String]? = nil, ipAddress: String? = nil
  ) {
    self.userID = userID
    self.deviceID = deviceID
    self.roles = roles
    self.ipAddress = ipAddress
  }

  public static let anonymous = ClientIdentity()
}
