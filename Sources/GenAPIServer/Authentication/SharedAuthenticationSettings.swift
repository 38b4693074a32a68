import GenAPIChannels
import GenAPIValue

/// The settings of `[auth]` that modes share.
struct SharedAuthenticationSettings {
  private static let leastSecretBytes = AuthenticatorError.leastSecretBytes
  private static let mostClaims = AuthenticatorError.mostClaims

  let requiresUser: Bool
  /// One by itself, which is the first of `secrets` then.
  private let single: ByteText?
  /// Each verifies what it signed.
  let secrets: [ByteText]
  /// A file of one could not be read, which was told.
  let couldNotBeRead: Bool
  /// Reads public keys; nil in a program that was built without.
  let webKeys: ServerConfiguration.WebKeyReader?
  /// What of a token else limits may count by.
  let countedClaims: [ByteText]

  init(
    _ reader: inout ServerSettingReader, _ webKeys: ServerConfiguration.WebKeyReader?, standard requires: Bool
  ) {
    self.webKeys = webKeys
    requiresUser = reader.bool("auth.require_verified_user_id", requires)
    let faultsBefore = reader.faults.count
    single = reader.secret("auth.secret", "auth.secret_file")
    secrets = (single.map { [$0] } ?? []) + reader.secrets("auth.secret_files")
    couldNotBeRead = reader.faults.count > faultsBefore
    countedClaims = reader.names("auth.claims", [])
    if countedClaims.count > Self.mostClaims {
      reader.fault("auth.claims", "must be at most \(Self.mostClaims) names, not \(countedClaims.count)")
    }
    for name in countedClaims where name.isEmpty || name.byteCount > AuthenticatorError.mostClaimBytes {
      reader.fault("auth.claims", "must be names of 1 to 256 bytes, not \"\(name.cut(bytes: 64))\"")
    }
  }

  /// Says what is wrong with the secrets of a mode that signs with them.
  ///
  /// - Returns: whether nothing is.
  func checkSecrets(_ reader: inout ServerSettingReader) -> Bool {
    let faultsBefore = reader.faults.count
    if let single, single.byteCount < Self.leastSecretBytes {
      reader.fault(
        "auth.secret", "has \(single.byteCount) bytes, and needs at least \(Self.leastSecretBytes)")
    }
    let listed = secrets.dropFirst(single == nil ? 0 : 1)
    for (number, secret) in zip(1..., listed) where secret.byteCount < Self.leastSecretBytes {
      reader.fault(
        "auth.secret_files",
        "number \(number) holds \(secret.byteCount) bytes, and needs at least \(Self.leastSecretBytes)")
    }
    return reader.faults.count == faultsBefore
  }

  /// - Parameter alternative: what else of the mode's own would do, in words.
  func noSecret(_ mode: ServerConfiguration.Authentication, alternative: String = "") -> String {
    "mode \(mode.rawValue) needs a secret of at least \(Self.leastSecretBytes) bytes, here, in secret_file or in secret_files"
      + alternative
  }
}
