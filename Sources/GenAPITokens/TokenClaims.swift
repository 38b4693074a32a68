import GenAPIChannels
import GenAPIGateway
import GenAPIValue

/// Where in a token's claims a client's identity is.
public struct TokenClaims: Sendable, Equatable {
  /// Must be a non-empty string, or a number.
  public var userID: ByteText
  /// A string, or a number.
  public var deviceID: ByteText = "device_id"
  /// A list of strings, or one string, which is one role.
  public var roles: ByteText = "roles"
  /// Others that limits count by and sticky choice goes by, as `claim(tenant)`: of any kind, and of at most
  /// `ClientIdentity.mostClaimBytes`. A number counts once however it is written, an empty string is a value like others. A text that
  /// reads as another kind, such as "true" or "7", is another key than that, and written in quotes. A token without one, or
  /// with null, has no such key.
  public var counted: [ByteText] = []

  public init(userID: ByteText = "sub") { self.userID = userID }

  func identity(of claims: Value, from address: ByteText?) throws(AuthenticationRefused) -> ClientIdentity {
    guard let user = Self.name(claims[userID]) else {
      throw AuthenticationRefused("the token has no user in its claim \"\(userID)\"")
    }
    let roles = claims[self.roles].flatMap { value in
      value.array?.compactMap(\.string) ?? Self.role(value.string)
    }
    return ClientIdentity(
      userID: user, deviceID: Self.text(claims[deviceID]), roles: roles, ipAddress: address,
      claims: try kept { name throws(AuthenticationRefused) in
        try CountedClaim.key(of: claims[name], named: name)
      })
  }

  /// Those of `counted` that a token has.
  func kept(_ value: (ByteText) throws(AuthenticationRefused) -> ByteText?) throws(AuthenticationRefused)
    -> [ByteText: ByteText]?
  {
    var kept: [ByteText: ByteText] = [:]
    for name in counted { kept[name] = try value(name) }
    return kept.isEmpty ? nil : kept
  }

  /// Those of a claim that is one text: it is the name of one role, whatever blanks and commas are in it.
  static func role(_ text: ByteText?) -> [ByteText]? { text.flatMap { $0.isEmpty ? nil : [$0] } }

  private static func name(_ value: Value?) -> ByteText? { text(value).flatMap { $0.isEmpty ? nil : $0 } }

  /// nil for what is neither text nor a number; one number is one text, however it is written.
  private static func text(_ value: Value?) -> ByteText? {
    switch value {
    case .string, .int, .wideInteger, .double: value?.canonicalText
    default: nil
    }
  }
}
