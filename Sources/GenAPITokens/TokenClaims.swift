import GenAPIChannels
import GenAPIGateway
import GenAPIValue

/// Where in a token's claims a client's identity is.
public struct TokenClaims: Sendable, Equatable {
  /// Must be a non-empty string, or a number.
  public var userID: ByteText
  /// A string, or a number.
  public var deviceID: ByteText = "device_id"
  /// A list of strings.
  public var roles: ByteText = "roles"
  /// Others, each a non-empty string, or a number, that limits count by and sticky choice goes by, as `claim(tenant)`. A token
  /// without one has no such key.
  public var counted: [ByteText] = []

  public init(userID: ByteText = "sub") { self.userID = userID }

  func identity(of claims: Value, from address: ByteText?) throws(AuthenticationRefused) -> ClientIdentity {
    guard let user = Self.name(claims[userID]) else {
      throw AuthenticationRefused("the token has no user in its claim \"\(userID)\"")
    }
    let roles = claims[self.roles]?.array?.compactMap(\.string)
    return ClientIdentity(
      userID: user, deviceID: Request.identifier(claims[deviceID])?.text, roles: roles, ipAddress: address,
      claims: kept { Self.name(claims[$0]) })
  }

  /// Those of `counted` that a token has.
  func kept(_ value: (ByteText) -> ByteText?) -> [ByteText: ByteText]? {
    var kept: [ByteText: ByteText] = [:]
    for name in counted { kept[name] = value(name) }
    return kept.isEmpty ? nil : kept
  }

  private static func name(_ value: Value?) -> ByteText? {
    switch value {
    case .string(let text) where !text.isEmpty: text
    case .int(let number): "\(number)"
    case .wideInteger(let number): number.digits
    default: nil
    }
  }
}
