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
  /// What else of its token limits count by and sticky choice goes by, as `claim(tenant)`; nil for none. Each of at most
  /// `mostClaimBytes`, or its client is not let in.
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

  /// Bytes of a claim that limits count by, as JSON, or of its text: as many for every kind.
  public static let mostClaimBytes = 1_024

  /// What of it is longer than it may be, in words: all is hashed, kept and emitted, as what a client names is. nil for nothing.
  package var lengthFault: ByteText? {
    let names =
      [("user", userID), ("device", deviceID)].compactMap { what, name in name.map { (what, $0) } }
      + (roles ?? []).map { ("role", $0) }
    for (what, name) in names where name.byteCount > TextLimit.name {
      return "the \(what) has \(name.byteCount) bytes, allowed are \(TextLimit.name)"
    }
    for (name, value) in (claims ?? [:]).sorted(by: { $0.key < $1.key })
    where value.byteCount > Self.mostClaimBytes {
      return
        "the claim \"\(name.cut(bytes: 64))\" has \(value.byteCount) bytes, allowed are \(Self.mostClaimBytes)"
    }
    return nil
  }

  /// A client of whom nothing is known.
  public static let anonymous = ClientIdentity()
}
