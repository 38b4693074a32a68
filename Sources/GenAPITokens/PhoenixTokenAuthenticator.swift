import Crypto
import CryptoExtras
import ErlangTerms
import Foundation
import GenAPIChannels
import GenAPIGateway
import GenAPIValue

/// Verifies a token made by `Phoenix.Token.sign(secret_key_base, salt, data)` with its defaults: SHA-256, the key
/// derived from the secret and the salt with PBKDF2 in 1 000 rounds.
///
/// The data is the user's id (a string or a number), or a map with a `user_id` and, where wanted, a `device_id`,
/// `roles` and what `claims.counted` names.
public struct PhoenixTokenAuthenticator: Authenticator {
  private let keys: [SymmetricKey]
  /// How long a token is good for, in whole seconds, rounded up, in addition to what it says itself: 1 s … 87 600 h, which is
  /// ten years; default 24 h.
  public var maxAge = Duration.seconds(86_400)
  /// What is read of a map, under which keys; of strings and of atoms. The user's is `user_id`.
  public var claims = TokenClaims(userID: "user_id")
  private let now: @Sendable () -> Int64

  /// - Parameters:
  ///   - secrets: the endpoint's `secret_key_base`, and those it had before; a token that one of them signed is good.
  ///   - salt: the second argument of `sign`, such as "user socket".
  ///   - now: seconds since the Unix epoch.
  /// - Throws: `AuthenticatorError.secretTooShort` for one of fewer than `AuthenticatorError.leastSecretBytes`.
  public init(
    secrets: [ByteText], salt: ByteText,
    now: @escaping @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970) }
  ) throws(AuthenticatorError) {
    try AuthenticatorError.check(secrets: secrets)
    keys = secrets.map { Self.deriveKey(secret: $0, salt: salt) }
    self.now = now
  }

  /// The same with one secret.
  public init(
    secret: ByteText, salt: ByteText,
    now: @escaping @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970) }
  ) throws(AuthenticatorError) {
    try self.init(secrets: [secret], salt: salt, now: now)
  }

  public func validate() throws(AuthenticatorError) {
    try AuthenticatorError.check("maxAge", maxAge, .seconds(1) ... .seconds(315_360_000))
    try AuthenticatorError.check(claims)
  }

  public func authenticate(_ request: ConnectRequest) async throws -> ClientIdentity {
    guard let token = request.token else { throw AuthenticationRefused("there is no token") }
    let (data, expiresAt) = try verified(token)
    var identity = try identity(of: data, from: request.remoteAddress)
    identity.expiresAt = expiresAt
    return identity
  }

  /// The signed data.
  func verify(_ token: ByteText) throws(AuthenticationRefused) -> Term { try verified(token).data }

  /// The signed data, and until when it is good.
  private func verified(_ token: ByteText) throws(AuthenticationRefused) -> (data: Term, expiresAt: Int64) {
    let parts = token.split(separator: UInt8(ascii: "."))
    guard parts.count == 3, let payload = Base64URL.decodeExactly(parts[1].string),
      let signature = Base64URL.decodeExactly(parts[2].string)
    else { throw AuthenticationRefused("the token is none of Phoenix") }
    guard parts[0] == "SFMyNTY" else { throw AuthenticationRefused("the token's algorithm is not HS256") }
    let signed = Array("\(parts[0]).\(parts[1])".utf8)
    guard
      keys.contains(where: {
        HMAC<SHA256>.isValidAuthenticationCode(signature, authenticating: signed, using: $0)
      })
    else {
      throw .wrongSignature
    }
    guard let term = try? TermDecoder().decode(payload),
      let (data, signedAtMs, ageSeconds) = Self.parts(of: term)
    else {
      throw AuthenticationRefused("the token's content cannot be read")
    }
    let signedAt = signedAtMs / 1_000
    let lifetime = min(maxAge.wholeSeconds, ageSeconds ?? .max)
    guard now().saturatingSubtract(signedAt) < lifetime else {
      throw AuthenticationRefused("the token has expired")
    }
    return (data, signedAt.saturatingAdd(lifetime))
  }

  /// `{data, signed_at_ms, max_age}` of later versions, or `%{data:, signed:}` of earlier ones.
  private static func parts(of term: Term) -> (Term, Int64, Int64?)? {
    if let elements = term.tupleElements, elements.count >= 2, let signedAt = elements[1].integerValue {
      return (elements[0], signedAt, elements.count > 2 ? elements[2].integerValue : nil)
    }
    guard let data = term[atom: "data"], let signedAt = term[atom: "signed"]?.integerValue else { return nil }
    return (data, signedAt, nil)
  }

  private func identity(of data: Term, from address: ByteText?) throws(AuthenticationRefused)
    -> ClientIdentity
  {
    func text(_ term: Term?) -> ByteText? { term.flatMap(Self.text) }
    func field(_ name: ByteText) -> Term? { data[atom: name] ?? data[text: name] }
    guard let user = text(data) ?? text(field(claims.userID)), !user.isEmpty else {
      throw AuthenticationRefused("the token names no user")
    }
    return ClientIdentity(
      userID: user, deviceID: text(field(claims.deviceID)),
      roles: Self.roles(field(claims.roles)),
      ipAddress: address,
      claims: try claims.kept { name throws(AuthenticationRefused) in try Self.counted(field(name), name) })
  }

  /// Those of a list, or the one that a text is.
  static func roles(_ term: Term?) -> [ByteText]? {
    term.flatMap { $0.listElements?.compactMap(text) ?? TokenClaims.role($0.text) }
  }

  /// nil for what is neither text nor a number; one number is one text, as in a JSON token.
  private static func text(_ term: Term) -> ByteText? {
    switch term {
    case .binary: term.text
    case .integer(let number): "\(number)"
    case .bigInteger(let number): number.decimal().map { ByteText($0) }
    case .float(let number): Value.double(number).canonicalText
    default: nil
    }
  }

  /// The key that a claim is; `nil` is none. What has no form in JSON is counted by its kind and what it holds.
  static func counted(_ term: Term?, _ name: ByteText) throws(AuthenticationRefused) -> ByteText? {
    guard let term else { return nil }
    if let value = value(term) { return try CountedClaim.key(of: value, named: name) }
    let text: ByteText = "#\(term)"
    try CountedClaim.check(text.byteCount, name)
    return KeyValue.bounded(text)
  }

  /// As JSON would have it, an atom as its name; nil for what it has no form for. The term's own decoder bounds its depth.
  private static func value(_ term: Term) -> Value? {
    switch term {
    case .atom("nil"), .atom("null"), .atom("undefined"): return .null
    case .atom("true"): return true
    case .atom("false"): return false
    case .atom(let name): return .string(name)
    case .integer(let number): return .int(number)
    case .bigInteger(let number):
      return number.decimal(most: WideInteger.mostDigits).flatMap { WideInteger($0) }.map(Value.wideInteger)
    case .float(let number): return .double(number)
    case .binary: return term.text.map(Value.string)
    case .list(let items):
      let values = items.compactMap(value)
      return values.count == items.count ? .array(values) : nil
    case .map(let map):
      var object = ValueObject()
      for (key, item) in map.pairs {
        guard let name = key.atomName ?? key.text, object[name] == nil, let value = value(item) else {
          return nil
        }
        object[name] = value
      }
      return .object(object)
    default: return nil
    }
  }

  /// The key as Phoenix derives it: few rounds, and enough, since the secret is long and random.
  private static func deriveKey(secret: ByteText, salt: ByteText) -> SymmetricKey {
    do {
      return try KDF.Insecure.PBKDF2.deriveKey(
        from: Array(secret.utf8), salt: Array(salt.utf8), using: .sha256, outputByteCount: 32,
        unsafeUncheckedRounds: 1_000)
    } catch {
      // It fails for lengths that nobody has and for want of memory.
      preconditionFailure("no key can be derived: \(error)")
    }
  }
}
