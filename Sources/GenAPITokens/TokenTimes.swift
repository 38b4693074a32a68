import GenAPIChannels
import GenAPIValue

/// The times in a token's claims, in seconds since the Unix epoch: RFC 7519, section 4.1, and "NumericDate" in section 2.
///
/// Each is a number, whole or not, of any sign, `exp` and `nbf` below `endless`; nothing else is a time, so that none is passed over
/// that somebody meant. `iat` decides nothing.
struct TokenTimes {
  /// The year 33658 in seconds, and 2001 in milliseconds.
  private static let endless = 1e12

  /// `exp`; nil for a token without an end.
  let expires: Double?
  /// `nbf`; nil for one that begins with no time.
  let begins: Double?

  /// - Throws: `AuthenticationRefused` for a claim that is there and no number.
  init(_ claims: Value) throws(AuthenticationRefused) {
    func seconds(_ name: ByteText) throws(AuthenticationRefused) -> Double? {
      guard let value = claims[name] else { return nil }
      guard let seconds = value.double else {
        throw AuthenticationRefused(
          "the token's \(name) must be a number, not \(value.instead(of: "a time"))")
      }
      // An integer of any size can be written; one beyond all doubles would be good for ever.
      guard seconds.isFinite else {
        throw AuthenticationRefused("the token's \(name) must be a number up to 1e308")
      }
      return seconds
    }
    (expires, begins) = (try seconds("exp"), try seconds("nbf"))
    _ = try seconds("iat")
    // So would an exp in milliseconds, and an nbf would never come.
    for (name, time) in [("exp", expires), ("nbf", begins)] {
      guard let time, time >= Self.endless else { continue }
      throw AuthenticationRefused(
        "the token's \(name) must be seconds since 1970, below 1e12, and not milliseconds")
    }
  }

  /// - Parameters:
  ///   - now: seconds since the Unix epoch.
  ///   - leeway: how far clocks may be apart.
  func check(at now: Int64, leeway: Int64) throws(AuthenticationRefused) {
    if let expires, Double(now.saturatingSubtract(leeway)) >= expires {
      throw AuthenticationRefused("the token has expired")
    }
    if let begins, Double(now.saturatingAdd(leeway)) < begins {
      throw AuthenticationRefused("the token is not valid yet")
    }
  }

  /// Until when the token would be taken; nil for ever. What lies beyond 64 bits is the last second that they have.
  func end(leeway: Int64) -> Int64? {
    expires.map { expires in
      (Int64(exactly: expires.rounded(.up)) ?? (expires < 0 ? .min : .max)).saturatingAdd(leeway)
    }
  }
}
