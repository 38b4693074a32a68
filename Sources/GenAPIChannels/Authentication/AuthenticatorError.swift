import GenAPIValue

/// Why an authenticator cannot be made, or is not taken: with it whoever likes could get in, or nobody could.
public enum AuthenticatorError: Error, Sendable, Equatable, CustomStringConvertible {
  /// It verifies nothing.
  case noKeys
  /// The secret of this number, from 1, can be guessed.
  case secretTooShort(number: Int, bytes: Int)
  /// A setting is not what it may be.
  case invalid(setting: String, value: String, allowed: String)

  /// Fewer bytes of a secret can be guessed; one that is random has 128 bits then.
  public static let leastSecretBytes = 16
  /// Claims that limits count by at most.
  public static let mostClaims = 16
  /// Bytes of the name of such a claim at most.
  public static let mostClaimBytes = 256

  public var description: String {
    switch self {
    case .noKeys: "there is neither a secret nor a key to verify tokens with"
    case .secretTooShort(let number, let bytes):
      """
      secret number \(number) has \(bytes) bytes and can be guessed; it needs at least \(Self.leastSecretBytes), such \
      as `openssl rand -hex 32` prints
      """
    case .invalid(let setting, let value, let allowed): "\(setting) is \(value); it must be \(allowed)"
    }
  }
}
