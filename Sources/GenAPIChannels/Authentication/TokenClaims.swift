import GenAPIGateway
import GenAPIValue

/// Where in a token's claims a client's identity is.
public struct TokenClaims: Sendable, Equatable {
  /// Must be a non-empty string, or a number.
  public var userID: ByteText = "sub"
  /// A string, or a number.
  public var deviceID: ByteText = "device_id"
  /// A list of strings.
  public var roles: ByteText = "roles"

  public init() {}

  func identity(of claims: Value, from address: ByteText?) throws(AuthenticationRefused) -> ClientIdentity {
    let user: ByteText
    switch claims[userID] {
    case .string(let text) where !text.isEmpty: user = text
    case .int(let number): user = "\(number)"
    case .wideInteger(let number): user = number.digits
    default: throw AuthenticationRefused("the token has no user in its claim \"\(userID)\"")
    }
    let roles = claims[self.roles]?.array?.compactMap(\.string)
    return ClientIdentity(
      userID: user, deviceID: Request.identifier(claims[deviceID])?.text, roles: roles, ipAddress: address)
  }
}
