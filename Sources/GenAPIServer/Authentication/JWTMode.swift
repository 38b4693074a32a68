import GenAPIChannels
import GenAPITokens
import GenAPIValue

/// Clients have a JSON Web Token, signed with a shared secret or with a key whose public half is in a file.
struct JWTMode: AuthenticationMode {
  private let publicKeys: (any TokenKeys)?
  private let couldNotBeRead: Bool
  private let issuer: ByteText?
  private let audience: ByteText?
  private let requiresExpiry: Bool

  init(_ reader: inout ServerSettingReader, _ shared: SharedAuthenticationSettings) {
    let faultsBefore = reader.faults.count
    publicKeys = reader.publicKeys("auth.jwks_file", shared.webKeys)
    couldNotBeRead = shared.couldNotBeRead || reader.faults.count > faultsBefore
    issuer = reader.name("auth.issuer", nil)
    audience = reader.name("auth.audience", nil)
    requiresExpiry = reader.bool("auth.requires_exp", false)
  }

  func faultsOfAnotherMode(_ reader: inout ServerSettingReader, _ chosen: ServerConfiguration.Authentication)
  {
    if requiresExpiry, chosen == .phoenixToken {
      reader.fault("auth.requires_exp", "is for mode jwt; tokens of Phoenix end with auth.max_age_s")
    }
    guard publicKeys != nil, chosen != .anonymous else { return }
    reader.fault("auth.jwks_file", "is for mode jwt; mode \(chosen.rawValue) reads no public keys")
  }

  func authenticator(
    _ reader: inout ServerSettingReader, _ shared: SharedAuthenticationSettings
  ) -> (any Authenticator)? {
    guard !shared.secrets.isEmpty || publicKeys != nil else {
      // A file that cannot be read was told already.
      if !couldNotBeRead {
        reader.fault("auth.secret", shared.noSecret(.jwt, alternative: ", or public keys in jwks_file"))
      }
      return nil
    }
    guard shared.checkSecrets(&reader),
      let secrets = try? shared.secrets.isEmpty ? [] : [JWTAuthenticator.secrets(shared.secrets)],
      var jwt = try? JWTAuthenticator(keys: secrets + (publicKeys.map { [$0] } ?? []))
    else { return nil }
    (jwt.issuer, jwt.audience) = (issuer, audience)
    jwt.requiresExpiry = requiresExpiry
    jwt.claims.counted = shared.countedClaims
    return jwt
  }
}
