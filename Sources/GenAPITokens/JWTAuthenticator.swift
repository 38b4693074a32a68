import Foundation
import GenAPIChannels
import GenAPIGateway
import GenAPIValue

/// Verifies a JSON Web Token (RFC 7519): one signed with HMAC-SHA-256 and a shared secret, or whatever else its keys
/// verify, such as those of GenAPIJWKS.
///
/// `exp` and `nbf` are honoured, and must be numbers, as `iat` must, which decides nothing; `iss` and `aud` are compared when
/// they are set here.
public struct JWTAuthenticator: Authenticator {
  private let keys: [any TokenKeys]
  /// Which claims say who the user is.
  public var claims = TokenClaims()
  /// What `iss` must be; nil when it may be anything.
  public var issuer: ByteText?
  /// What `aud` must be or have; nil when it may be anything.
  public var audience: ByteText?
  /// Whether a token without `exp` is refused; default false: it is good for ever.
  public var requiresExpiry = false
  /// How far clocks may be apart, in whole seconds, rounded up: 0 … 24 h, default `standardLeeway`.
  public var leeway = Self.standardLeeway
  /// How far clocks may be apart by default: 30 s.
  public static let standardLeeway = Duration.seconds(30)
  private let now: @Sendable () -> Int64

  /// - Parameters:
  ///   - keys: the first that verify a token's algorithm decide about it.
  ///   - now: seconds since the Unix epoch.
  /// - Throws: `AuthenticatorError.noKeys`.
  public init(
    keys: [any TokenKeys], now: @escaping @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970) }
  ) throws(AuthenticatorError) {
    if keys.allSatisfy(\.algorithms.isEmpty) { throw .noKeys }
    self.keys = keys
    self.now = now
  }

  /// Verifies HS256 only.
  ///
  /// - Parameters:
  ///   - secrets: shared with whoever signs; a token that one of them signed is good, so that a new one can come before
  ///     the old one goes.
  ///   - now: seconds since the Unix epoch.
  /// - Throws: `AuthenticatorError.secretTooShort` for one of fewer than `AuthenticatorError.leastSecretBytes`.
  public init(
    secrets: [ByteText], now: @escaping @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970) }
  ) throws(AuthenticatorError) {
    try self.init(keys: [Self.secrets(secrets)], now: now)
  }

  /// The same with one secret.
  public init(
    secret: ByteText, now: @escaping @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970) }
  ) throws(AuthenticatorError) {
    try self.init(secrets: [secret], now: now)
  }

  /// Secrets shared with whoever signs, for HS256: beside other keys.
  ///
  /// - Throws: `AuthenticatorError`.
  public static func secrets(_ secrets: [ByteText]) throws(AuthenticatorError) -> any TokenKeys {
    try AuthenticatorError.check(secrets: secrets)
    return SharedSecrets(secrets)
  }

  public func validate() throws(AuthenticatorError) {
    try AuthenticatorError.check("leeway", leeway, .zero ... .seconds(86_400))
    try AuthenticatorError.check(claims)
    for (setting, name) in [("issuer", issuer), ("audience", audience)] where name?.isEmpty == true {
      throw .invalid(setting: setting, value: "\"\"", allowed: "a text, or nil for any")
    }
  }

  public func authenticate(_ request: ConnectRequest) async throws -> ClientIdentity {
    guard let token = request.token else { throw AuthenticationRefused("there is no token") }
    let (value, times) = try await verified(token)
    var identity = try claims.identity(of: value, from: request.remoteAddress)
    // As long as the token itself would be taken.
    identity.expiresAt = times.end(leeway: leeway.wholeSeconds)
    return identity
  }

  /// The claims of a token.
  ///
  /// - Throws: `AuthenticationRefused` saying what is wrong with it; never the token itself.
  func verify(_ token: ByteText) async throws(AuthenticationRefused) -> Value {
    try await verified(token).claims
  }

  private func verified(_ token: ByteText) async throws(AuthenticationRefused)
    -> (claims: Value, times: TokenTimes)
  {
    let token = try JSONWebToken(token)
    // The algorithms are ours to choose, not the token's.
    guard let keys = keys.first(where: { $0.algorithms.contains(token.algorithm) }) else {
      let known = keys.flatMap(\.algorithms).map(\.string).joined(separator: ", ")
      throw AuthenticationRefused("the token's alg is not \(known)")
    }
    try await keys.verify(token)
    guard let value = try? Value(json: token.payload), value.object != nil else {
      throw AuthenticationRefused("the token's claims cannot be read")
    }
    let times = try TokenTimes(value)
    if requiresExpiry, times.expires == nil {
      throw AuthenticationRefused("the token has no exp, and needs one")
    }
    try times.check(at: now(), leeway: leeway.wholeSeconds)
    if let issuer, value["iss"]?.string != issuer {
      throw AuthenticationRefused("the token's issuer is another")
    }
    if let audience {
      let named = value["aud"]?.array?.compactMap { $0.string } ?? [value["aud"]?.string].compactMap { $0 }
      guard named.contains(audience) else { throw AuthenticationRefused("the token is for somebody else") }
    }
    return (value, times)
  }
}
