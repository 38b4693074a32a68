import GenAPITelemetry
import GenAPIValue

/// Who is at the other end of a connection, as its transport verified.
public struct ClientIdentity: Sendable, Hashable {
  /// nil for an anonymous connection: then no request of it has a user, whatever it claims.
  public var userID: ByteText?
  /// The device that the token names; nil where it names none.
  public var deviceID: ByteText?
  /// What the user may do; nil where the token does not say.
  public var roles: [ByteText]?
  /// The client's address; nil where it has none.
  public var ipAddress: ByteText?
  /// What else of its token limits count by and sticky choice goes by, as `claim(tenant)`; nil for none.
  public var claims: [ByteText: ByteText]?
  /// When what says who this is stops to be valid, in seconds since the Unix epoch; nil when it does not.
  public var expiresAt: Int64?
  /// What caused the connection: the cause of its requests that tell of none.
  public var trace: TraceContext?

  public init(
    userID: ByteText? = nil, deviceID: ByteText? = nil, roles: [ByteText]? = nil, ipAddress: ByteText? = nil,
    claims: [ByteText: ByteText]? = nil, expiresAt: Int64? = nil
  ) {
    self.userID = userID
    self.deviceID = deviceID
    self.roles = roles
    self.ipAddress = ipAddress
    self.claims = claims
    self.expiresAt = expiresAt
  }

  /// Every name in it, each with what it is called: all are hashed, kept and emitted, as what a client names is.
  package var names: [(what: String, name: ByteText)] {
    [("user", userID), ("device", deviceID)].compactMap { what, name in name.map { (what, $0) } }
      + (roles ?? []).map { ("role", $0) } + (claims ?? [:]).values.map { ("claim", $0) }
  }

  /// A client of whom nothing is known.
  public static let anonymous = ClientIdentity()
}
