import GenAPITelemetry
import GenAPIValue

extension TaskEnd {
  /// Whether it says anything of what was called.
  var isTold: Bool {
    switch self {
    case .cancelled, .completed(.untold), .completed(.givenUp), .waitedTooLong: false
    default: true
    }
  }

  /// What counts against the breakers; nil for everything else.
  func failure(timeoutMs: Int64) -> Failure? {
    switch self {
    case .completed(.success), .completed(.untold), .completed(.givenUp), .cancelled, .waitedTooLong: nil
    case .completed(.infrastructureFailure(let reason)), .threw(let reason): Failure(reason: reason)
    case .timedOut: Failure(kind: "timeout", reason: "no end within \(timeoutMs) ms")
    }
  }
}
