/// Why a call has no answer that is a result.
package enum CallError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The gateway answered so.
  case failed(String, canRetry: Bool)
  /// There was no answer: no connection, a topic that cannot be joined, silence.
  case unanswered(String)

  package var description: String {
    switch self {
    case .failed(let text, let canRetry): canRetry ? "\(text) (the same request may be sent again)" : text
    case .unanswered(let reason): reason
    }
  }
}
