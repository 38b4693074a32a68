import GenAPITelemetry
import GenAPIValue

/// One function in detail: what its row adds up, by gateway and by outcome.
package struct FunctionView: Equatable, Sendable {
  /// The function on one gateway.
  package struct Part: Equatable, Sendable {
    package var node: ByteText
    package var requestsPerSecond: Double
    /// 0 … 100, of the finished requests in the window.
    package var errorPercent: Double
    package var rejectedPercent: Double
    package var inFlight: Int64
    package var retries: Int64
    /// Microseconds; nil when nothing finished in the window.
    package var p50: Int64?
    package var p99: Int64?
    package var isStale: Bool
    /// Whether there is a rate: something was kept at the moment, and long enough was watched.
    package var isKept = true
    /// How much of the window was watched: what the rate is over. nil for all of it.
    package var watchedSeconds: Double?
    /// Whether a request has ended: else there are no percentages. Where all are refused none has a latency.
    package var hasEnded: Bool { p50 != nil || errorPercent > 0 || rejectedPercent > 0 }

    /// As `RequestRow.goesOn`.
    var goesOn = true

    /// 2 where requests fail, 1 where they are refused, and 2 more where that goes on: not by how many, so that rows keep their places.
    var trouble: Int { errorPercent > 0 ? goesOn ? 4 : 2 : rejectedPercent > 0 ? goesOn ? 3 : 1 : 0 }

    package init(
      node: ByteText, requestsPerSecond: Double = 0, errorPercent: Double = 0, rejectedPercent: Double = 0,
      inFlight: Int64 = 0, retries: Int64 = 0, p50: Int64? = nil, p99: Int64? = nil, isStale: Bool = false
    ) {
      self.node = node
      self.requestsPerSecond = requestsPerSecond
      self.errorPercent = errorPercent
      self.rejectedPercent = rejectedPercent
      self.inFlight = inFlight
      self.retries = retries
      self.p50 = p50
      self.p99 = p99
      self.isStale = isStale
    }
  }

  /// Finished requests that ended in one way.
  package struct Ending: Equatable, Sendable {
    package var outcome: RequestOutcome
    /// Over the window.
    package var count: Int64

    package init(outcome: RequestOutcome, count: Int64) {
      self.outcome = outcome
      self.count = count
    }
  }

  /// By name, those that are not heard behind the others.
  package var gateways: [Part] = []
  /// Ok first, then the most frequent.
  package var endings: [Ending] = []
  /// The service nodes that run it, with all that they do.
  package var serviceNodes: [NodeRow] = []
  /// The hooks that run before or after it; over all gateways and since they started.
  package var hooks: [HookState] = []

  package init() {}
}
