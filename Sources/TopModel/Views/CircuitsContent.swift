import GenAPITelemetry
import GenAPIValue

/// The circuits pane's data, for all of its views.
public struct CircuitsContent: Equatable, Sendable {
  /// A pool of one gateway.
  public struct Pool: Equatable, Sendable, Identifiable {
    public var node: ByteText
    public var state: PoolState
    /// The pool's own breaker.
    public var breaker: BreakerState?
    /// Milliseconds until an open breaker lets its probe through, at the moment shown.
    public var cooldownLeftMs: Int64?
    public var rejectionsPerSecond: Double
    /// By worker number: busy, or the state of a breaker that is not closed.
    public var workers: [WorkerCell]
    public var isStale: Bool

    public var id: ByteText { node + "\u{1F}" + state.name }

    public init(
      node: ByteText, state: PoolState, breaker: BreakerState? = nil, cooldownLeftMs: Int64? = nil,
      rejectionsPerSecond: Double = 0, workers: [WorkerCell] = [], isStale: Bool = false
    ) {
      self.node = node
      self.state = state
      self.breaker = breaker
      self.cooldownLeftMs = cooldownLeftMs
      self.rejectionsPerSecond = rejectionsPerSecond
      self.workers = workers
      self.isStale = isStale
    }
  }

  public enum WorkerCell: Equatable, Sendable {
    case idle, busy, halfOpen, open
  }

  /// A breaker that is open or half-open, or was within the history.
  public struct Breaker: Equatable, Sendable, Identifiable {
    public var node: ByteText
    public var state: BreakerState
    public var cooldownLeftMs: Int64?
    /// One cell a time slot over the window, oldest first; nil where nothing is known.
    public var timeline: [CircuitState?]
    public var isStale: Bool

    public var id: ByteText { node + "\u{1F}" + state.entryKey }

    public init(
      node: ByteText, state: BreakerState, cooldownLeftMs: Int64? = nil, timeline: [CircuitState?] = [],
      isStale: Bool = false
    ) {
      self.node = node
      self.state = state
      self.cooldownLeftMs = cooldownLeftMs
      self.timeline = timeline
      self.isStale = isStale
    }
  }

  /// Requests of one service that a pool refused.
  public struct ServiceRefusals: Equatable, Sendable {
    public var service: ByteText
    /// Over the window.
    public var refused: Int64
    public var refusedPerSecond: Double
    public var requestsPerSecond: Double

    public init(service: ByteText, refused: Int64, refusedPerSecond: Double, requestsPerSecond: Double) {
      self.service = service
      self.refused = refused
      self.refusedPerSecond = refusedPerSecond
      self.requestsPerSecond = requestsPerSecond
    }
  }

  public var pools: [Pool] = []
  /// Open ones first, then half-open, then those closed again, latest first.
  public var breakers: [Breaker] = []
  public var services: [ServiceRefusals] = []

  public init() {}

  public var openCount: Int { breakers.count { $0.state.state == .open } }
  public var halfOpenCount: Int { breakers.count { $0.state.state == .halfOpen } }
}

extension BreakerState {
  /// When it opened: failed probes do not begin it anew, where the gateway tells.
  public var notClosedSince: Int64 { openedAt ?? since }

  /// What it is called in rules and filters: its pool, its service, or both as `pool/service`.
  public var names: [ByteText] { service.map { [pool, $0, "\(pool)/\($0)"] } ?? [pool] }

  /// ` service`, ` service on node` behind a pool's name; nothing for the breaker of a pool or a worker.
  public var serviceText: ByteText {
    guard let service else { return "" }
    return " \(service)\(node.map { " on \($0)" } ?? "")"
  }
}
