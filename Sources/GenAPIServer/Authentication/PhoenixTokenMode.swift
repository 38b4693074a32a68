import GenAPIChannels
import GenAPITokens
import GenAPIValue

/// Clients have what `Phoenix.Token.sign` made.
struct PhoenixTokenMode: AuthenticationMode {
  private let salt: ByteText
  private let maxAge: Duration

  init(_ reader: inout ServerSettingReader, _ shared: SharedAuthenticationSettings) {
    salt = reader.name("auth.salt", "user socket", isFree: true) ?? ""
    maxAge = .seconds(reader.int("auth.max_age_s", 86_400, 1...315_360_000))
  }

  func authenticator(
    _ reader: inout ServerSettingReader, _ shared: SharedAuthenticationSettings
  ) -> (any Authenticator)? {
    guard !shared.secrets.isEmpty else {
      if !shared.couldNotBeRead { reader.fault("auth.secret", shared.noSecret(.phoenixToken)) }
      return nil
    }
    guard shared.checkSecrets(&reader),
      var phoenix = try? PhoenixTokenAuthenticator(secrets: shared.secrets, salt: salt)
    else { return nil }
    phoenix.maxAge = maxAge
    phoenix.claims.counted = shared.countedClaims
    return phoenix
  }
}
