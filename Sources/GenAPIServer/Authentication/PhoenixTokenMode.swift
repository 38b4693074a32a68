import GenAPIChannels
import GenAPITokens
import GenAPIValue

/// Clients have what `Phoenix.Token.sign` made.
struct PhoenixTokenMode: AuthenticationMode {
  private let salt: ByteText
  private let maxAgeSeconds: Int64

  init(_ reader: inout ServerSettingReader, _ shared: SharedAuthenticationSettings) {
    salt = reader.name("auth.salt", "user socket") ?? ""
    maxAgeSeconds = Int64(reader.int("auth.max_age_s", 86_400, 1...315_360_000))
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
    phoenix.maxAgeSeconds = maxAgeSeconds
    phoenix.claims.counted = shared.countedClaims
    return phoenix
  }
}
