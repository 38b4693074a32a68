import GenAPIValue

/// Why a socket ended.
public enum CloseReason: String, CaseIterable, Sendable {
  /// The client closed it.
  case closed
  case idle
  case slowReader = "slow_reader"
  case tooFast = "too_fast"
  case tooLarge = "too_large"
  case `protocol`
  case notUnderstood = "not_understood"
  case notUTF8 = "not_utf8"
  case shutdown
  case tokenExpired = "token_expired"
  /// The connection ended without a word.
  case lost

  var text: ByteText { ByteText(rawValue) }
}
