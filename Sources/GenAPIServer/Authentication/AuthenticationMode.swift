import GenAPIChannels
import GenAPIValue

/// A way in which clients prove who they are, as `auth.mode` names it: the settings that are its own, and what it makes of them.
///
/// Every mode reads its settings whichever is chosen, so that none of them is unknown.
protocol AuthenticationMode {
  init(_ reader: inout ServerSettingReader, _ shared: SharedAuthenticationSettings)

  /// Its own settings that nothing of another mode is like: set, they are a fault when another mode is chosen.
  func faultsOfAnotherMode(_ reader: inout ServerSettingReader, _ chosen: ServerConfiguration.Authentication)

  /// What lets clients in; nil where a fault was told to `reader`, or earlier.
  func authenticator(
    _ reader: inout ServerSettingReader, _ shared: SharedAuthenticationSettings
  ) -> (any Authenticator)?
}

extension AuthenticationMode {
  func faultsOfAnotherMode(_ reader: inout ServerSettingReader, _ chosen: ServerConfiguration.Authentication)
  {}
}

extension ServerConfiguration {
  /// Who is let in: the list of all modes.
  package enum Authentication: String, Sendable, CaseIterable {
    case anonymous
    case jwt
    case phoenixToken = "phoenix_token"

    var mode: any AuthenticationMode.Type {
      switch self {
      case .anonymous: AnonymousMode.self
      case .jwt: JWTMode.self
      case .phoenixToken: PhoenixTokenMode.self
      }
    }
  }

  /// - Returns: nothing for a key that waits for a restart.
  static func isAuthenticationExchanged(at key: String) -> Bool {
    key.hasPrefix("auth.") && key != "auth.mode" && key != "auth.require_verified_user_id"
  }

  mutating func readAuthentication(_ reader: inout ServerSettingReader, _ webKeys: WebKeyReader?) {
    authentication = reader.choice("auth.mode", .jwt)
    let shared = SharedAuthenticationSettings(&reader, webKeys, standard: authentication != .anonymous)
    websocket.channels.requiresVerifiedUserID = shared.requiresUser
    countedClaims = shared.countedClaims
    var chosen: (any AuthenticationMode)?
    for candidate in Authentication.allCases {
      let mode = candidate.mode.init(&reader, shared)
      if candidate == authentication {
        chosen = mode
      } else {
        mode.faultsOfAnotherMode(&reader, authentication)
      }
    }
    if let made = chosen?.authenticator(&reader, shared) { authenticator = made }
  }
}
