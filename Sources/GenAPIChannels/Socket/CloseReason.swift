import GenAPIGateway
import GenAPIValue

/// Why a socket ended.
public enum CloseReason: String, CaseIterable, Sendable {
  /// The client closed it.
  case closed
  /// Nothing was heard of the client for too long.
  case idle
  /// The client took too little of what was sent to it.
  case slowReader = "slow_reader"
  /// The client sent more than its token bucket holds.
  case tooFast = "too_fast"
  /// A message was longer than allowed.
  case tooLarge = "too_large"
  /// The client broke a rule of WebSocket.
  case `protocol`
  /// A message was none of Phoenix Channels.
  case notUnderstood = "not_understood"
  /// A text was not UTF-8.
  case notUTF8 = "not_utf8"
  /// The gateway shuts down.
  case shutdown
  /// The token that let it in has expired.
  case tokenExpired = "token_expired"
  /// The connection ended without a word.
  case lost

  var text: ByteText { ByteText(rawValue) }

  /// What the requests that run are told, where the client did nothing wrong and is still there; nil where it is not.
  var cutOff: CutOff? {
    switch self {
    case .shutdown: .shutdown
    case .tokenExpired, .idle: .connectionEnds
    default: nil
    }
  }
}
