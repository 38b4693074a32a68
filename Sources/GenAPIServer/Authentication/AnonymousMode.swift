import GenAPIChannels

/// Everybody is let in, as nobody in particular.
struct AnonymousMode: AuthenticationMode {
  init(_ reader: inout ServerSettingReader, _ shared: SharedAuthenticationSettings) {}

  func authenticator(
    _ reader: inout ServerSettingReader, _ shared: SharedAuthenticationSettings
  ) -> (any Authenticator)? {
    if shared.requiresUser {
      reader.fault(
        "auth.require_verified_user_id", "must be false with mode anonymous: nobody would be let in")
    }
    return AnonymousAuthenticator()
  }
}
