import GenAPIGateway
import GenAPIValue

/// Why a test's call has no result to give, where the client reads nothing of it.
public enum TestCallError: Error, Sendable, Equatable, CustomStringConvertible {
  /// There is no such function; what there is in its place.
  case noSuchFunction(MissingFunction)
  /// The function answers in parts, which `parts` gives.
  case isStream(function: ByteText)
  /// The function answers once, which `call` gives.
  case isNoStream(function: ByteText)
  /// The function is one that never answers: `unanswered`.
  case neverAnswers(function: ByteText)
  /// Nothing more came in this time. Of a stream so many parts had come.
  case noEnd(function: ByteText, after: Duration, acknowledged: Bool, parts: Int, onVirtualClock: Bool)
  /// No time is left to wait in: `within:` is zero or less.
  case noTime(function: ByteText, within: Duration)
  /// More parts came than `parts` takes, and no end.
  case tooManyParts(function: ByteText, parts: Int)

  public var description: String {
    switch self {
    case .noSuchFunction(let missing): return missing.description
    case .isStream(let function):
      return
        "\(function) answers in parts: gateway.parts gives them, gateway.connect an inbox for those of an endless stream"
    case .isNoStream(let function):
      return "\(function) answers once, not in parts: gateway.call gives the result"
    case .neverAnswers(let function):
      return "\(function) is unanswered: it has no result; gateway.send calls it"
    case .noTime(let function, let duration):
      return "\(function) was not called: `within:` must be more than no time, not \(duration)"
    case .noEnd(let function, let duration, let acknowledged, let parts, let isVirtual):
      let what =
        parts > 0
        ? "has sent \(parts) parts and no end"
        : acknowledged ? "was acknowledged and did not end" : "did not answer"
      var hints = ["`within:` is how long is waited"]
      if isVirtual { hints.append("what waits for the VirtualClock goes on when the clock is advanced") }
      if parts > 0 { hints.append("an endless stream is read with gateway.connect and send") }
      return "\(function) \(what) within \(duration): \(hints.joined(separator: "; "))"
    case .tooManyParts(let function, let parts):
      return
        "\(function) has sent more than \(parts) parts: an endless stream is read with gateway.connect and send"
    }
  }
}
