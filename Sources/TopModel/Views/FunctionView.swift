import GenAPITelemetry
import GenAPIValue

/// One function in detail: what its row adds up, by gateway and by outcome.
public struct FunctionView: Equatable, Sendable {
  /// The function on one gateway.
  public struct Part: Equatable, Sendable {
    public var node: ByteText
    public var requestsPerSecond: Double
    /// 0 … 100, of the finished requests in the window.
    public var errorPercent: Double
    public var rejectedPercent: Double
    public var inFlight: Int64
    public var retries: Int64
    /// Microseconds; nil when nothing finished in the window.
    public var p50: Int64?
    public var p99: Int64?
    public var isStale: Bool

    public init(
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
  public struct Ending: Equatable, Sendable {
    public var outcome: RequestOutcome
    /// Over the window.
    public var count: Int64

    public init(outcome: RequestOutcome, count: Int64) {
      self.outcome = outcome
      self.count = count
    }
  }

  /// By name.
  public var gateways: [Part] = []
  /// Ok first, then the most frequent.
  public var endings: [Ending] = []
  /// The service nodes that run it, with all that they do.
  public var serviceNodes: [NodeRow] = []
  /// The hooks that run before or after it; over all gateways and since they started.
  public var hooks: [HookState] = []

  public init() {}
}
