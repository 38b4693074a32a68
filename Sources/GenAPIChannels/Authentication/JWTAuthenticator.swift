import Crypto
import Foundation
import GenAPIGateway
import GenAPIValue

/// Verifies a JSON Web Token signed with HMAC-SHA-256 and one of the shared secrets: RFC 7519, `alg` HS256 only.
///
/// `exp` and `nbf` are honoured; `iss` and `aud` are compared when they are set here.
public struct JWTAuthenticator: Authenticator {
  private let keys: [SymmetricKey]
  public var claims = TokenClaims()
  public var issuer: ByteText?
  public var audience: ByteText?
  /// Seconds a clock may be off.
  public var leewaySeconds = Self.standardLeewaySeconds
  public static let standardLeewaySeconds: Int64 = 30
  private let now: @Sendable () -> Int64

  /// - Parameters:
  ///   - secrets: shared with whoever signs; a token that one of them signed is good, so that a new one can come before
  ///     the old one goes.
  ///   - now: seconds since the Unix epoch.
  public init(
    secrets: [ByteText], now: @escaping @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970) }
  ) {
    keys = secrets.map { SymmetricKey(data: Array($0.utf8)) }
    self.now = now
  }

  /// The same with one secret.
  public init(
    secret: ByteText, now: @escaping @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970) }
  ) {
    self.init(secrets: [secret], now: now)
  }

  public func authenticate(_ request: ConnectRequest) async throws -> ClientIdentity {
    guard let token = request.token else { throw AuthenticationRefused("there is no token") }
    let value = try verify(token)
    var identity = try claims.identity(of: value, from: request.remoteAddress)
    // As long as the token itself would be taken.
    identity.expiresAt = value["exp"]?.double.map { expires in
      (Int64(exactly: expires.rounded(.up)) ?? .max).saturatingAdd(leewaySeconds)
    }
    return identity
  }

  /// The claims of a token.
  ///
  /// - Throws: `AuthenticationRefused` saying what is wrong with it; never the token itself.
  func verify(_ token: ByteText) throws(AuthenticationRefused) -> Value {
    let parts = token.split(separator: UInt8(ascii: "."))
    // RFC 7515, section 2: no padding, or one token had several spellings.
    guard !token.utf8.contains(UInt8(ascii: "=")), parts.count == 3,
      let header = Base64URL.decode(parts[0].string),
      let payload = Base64URL.decode(parts[1].string),
      let signature = Base64URL.decode(parts[2].string)
    else { throw AuthenticationRefused("the token is no JWT") }
    guard let header = try? Value(json: header), let algorithm = header["alg"]?.string else {
      throw AuthenticationRefused("the token's header cannot be read")
    }
    // Extensions that must be understood (RFC 7515, section 4.1.11); none is.
    guard header["crit"] == nil else {
      throw AuthenticationRefused("the token's header has crit, and no extension is understood")
    }
    // The algorithm is ours to choose, not the token's.
    guard algorithm == "HS256" else { throw AuthenticationRefused("the token's alg is not HS256") }
    let signed = Array("\(parts[0]).\(parts[1])".utf8)
    guard
      keys.contains(where: {
        HMAC<SHA256>.isValidAuthenticationCode(signature, authenticating: signed, using: $0)
      })
    else {
      throw AuthenticationRefused("the token's signature is wrong")
    }
    guard let value = try? Value(json: payload), value.object != nil else {
      throw AuthenticationRefused("the token's claims cannot be read")
    }
    let now = now()
    if let expires = value["exp"] {
      guard let expires = expires.double, Double(now - leewaySeconds) < expires else {
        throw AuthenticationRefused("the token has expired")
      }
    }
    if let begins = value["nbf"] {
      guard let begins = begins.double, Double(now + leewaySeconds) >= begins else {
        throw AuthenticationRefused("the token is not valid yet")
      }
    }
    if let issuer, value["iss"]?.string != issuer {
      throw AuthenticationRefused("the token's issuer is another")
    }
    if let audience {
      let named = value["aud"]?.array?.compactMap { $0.string } ?? [value["aud"]?.string].compactMap { $0 }
      guard named.contains(audience) else { throw AuthenticationRefused("the token is for somebody else") }
    }
    return value
  }
}
