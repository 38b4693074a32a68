import Crypto
import GenAPIChannels
import GenAPIValue

/// Keys that verify the signatures of tokens.
///
/// Which key a token may use is theirs to decide, never the token's: of what the token's header says only `alg` and `kid`
/// are looked at, and keys of one algorithm are never tried for another.
public protocol TokenKeys: Sendable {
  /// The values of `alg` whose signatures they verify.
  var algorithms: [ByteText] { get }

  /// What of them is not used, in words for the log.
  var notes: [String] { get }

  /// Returns when the signature is good. Asked only about tokens of their `algorithms`.
  ///
  /// - Throws: `AuthenticationRefused` saying why it is not.
  func verify(_ token: JSONWebToken) async throws(AuthenticationRefused)
}

extension TokenKeys {
  public var notes: [String] { [] }
}

/// Secrets shared with whoever signs, for HMAC-SHA-256.
struct SharedSecrets: TokenKeys {
  private let keys: [SymmetricKey]

  init(_ secrets: [ByteText]) { keys = secrets.map { SymmetricKey(data: Array($0.utf8)) } }

  var algorithms: [ByteText] { ["HS256"] }

  func verify(_ token: JSONWebToken) async throws(AuthenticationRefused) {
    let isGood = keys.contains {
      HMAC<SHA256>.isValidAuthenticationCode(token.signature, authenticating: token.signed, using: $0)
    }
    if !isGood { throw .wrongSignature }
  }
}

extension AuthenticationRefused {
  /// The signature is none of the key's.
  public static let wrongSignature = AuthenticationRefused("the token's signature is wrong")
}
