import GenAPIChannels
import GenAPIValue

extension AuthenticatorError {
  static func check(secrets: [ByteText]) throws(AuthenticatorError) {
    if secrets.isEmpty { throw .noKeys }
    for (number, secret) in zip(1..., secrets) where secret.byteCount < leastSecretBytes {
      throw .secretTooShort(number: number, bytes: secret.byteCount)
    }
  }

  static func check(_ setting: String, _ time: Duration, _ allowed: ClosedRange<Duration>)
    throws(AuthenticatorError)
  {
    guard !allowed.contains(time) else { return }
    throw .invalid(setting: setting, value: time.shown, allowed: allowed.shown)
  }

  static func check(_ claims: TokenClaims) throws(AuthenticatorError) {
    for (setting, name) in [
      ("claims.userID", claims.userID), ("claims.deviceID", claims.deviceID), ("claims.roles", claims.roles),
    ] + claims.counted.map({ ("claims.counted", $0) }) where name.isEmpty || name.byteCount > mostClaimBytes {
      throw .invalid(
        setting: setting, value: "\"\(name.cut(bytes: 64))\"",
        allowed: "a name of 1 to \(mostClaimBytes) bytes")
    }
    if claims.counted.count > mostClaims {
      throw .invalid(
        setting: "claims.counted", value: "\(claims.counted.count) names", allowed: "at most \(mostClaims)")
    }
  }
}
