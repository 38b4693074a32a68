import GenAPITelemetry
import GenAPIValue

/// Who is at the other end of a connection, as its transport verified.
public struct ClientIdentity: Sendable, Hashable {
  /// nil for an anonymous connection: then no request of it has a user, whatever it claims.
  public var userID: ByteText?
  public var deviceID: ByteText?
  public var roles: [ByteText]?
  public var ipAddress: ByteText?
  /// When what says who this is stops to be valid, in seconds since the Unix epoch; nil when it does not.
  public var expiresAt: Int64?
  /// What caused the connection: the cause of its requests that tell of none.
  public var trace: TraceContext?

  public init(
    userID: ByteText? = nil, deviceID: ByteText? = nil, roles: [ByteText]? = nil, ipAddress: ByteText? = nil,
    expiresAt: Int64? = nil
  ) {
    self.userID = userID
    self.deviceID = deviceID
    self.roles = roles
    self.ipAddress = ipAddress
    self.expiresAt = expiresAt
  }

  public static let anonymous = ClientIdentity()
}
