import GenAPIStream
import GenAPITelemetry
import GenAPIValue

/// One condition of a filter.
struct FilterTerm: Equatable, Sendable {
  enum Key: String, CaseIterable, Sendable {
    case service, type, node, user, req, trace, cat, event, version, status, dur, text
  }

  enum Status: String, CaseIterable, Sendable {
    case ok, error, rejected, slow
  }

  enum Comparison: String, Sendable {
    case above = ">"
    case atLeast = ">="
    case below = "<"
    case atMost = "<="
  }

  enum Condition: Equatable, Sendable {
    /// As gateways match them: the same letters let the same through live and in a replay.
    case patterns([GlobPattern])
    /// Found anywhere in a text, in lower case.
    case words([GlobPattern])
    case statuses([Status])
    /// Microseconds.
    case duration(Comparison, Int64)
  }

  /// Slower than this counts as slow: 1 second.
  static let slowUs: Int64 = 1_000_000

  var key: Key
  var isNegated: Bool
  var condition: Condition

  var globs: [GlobPattern]? {
    if case .patterns(let globs) = condition { globs } else { nil }
  }

  /// Whether one of the candidates fits, turned around when negated.
  func allows(_ candidates: [ByteText?]) -> Bool {
    guard case .patterns(let globs) = condition else { return true }
    let fits = candidates.contains { candidate in
      candidate.map { value in globs.contains { $0.matches(value) } } ?? false
    }
    return fits != isNegated
  }

  func allows(durationUs: Int64?) -> Bool {
    guard case .duration(let comparison, let bound) = condition else { return true }
    guard let durationUs else { return isNegated }
    let fits =
      switch comparison {
      case .above: durationUs > bound
      case .atLeast: durationUs >= bound
      case .below: durationUs < bound
      case .atMost: durationUs <= bound
      }
    return fits != isNegated
  }

  func allows(outcome: RequestOutcome?, durationUs: Int64?) -> Bool {
    guard case .statuses(let statuses) = condition else { return true }
    let fits = statuses.contains { status in
      switch status {
      case .ok: outcome == .ok
      case .error: outcome?.isFailure == true
      case .rejected: outcome?.isRejection == true
      case .slow: (durationUs ?? 0) > Self.slowUs
      }
    }
    return fits != isNegated
  }
}
