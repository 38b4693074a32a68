import GenAPITelemetry
import GenAPIValue

/// The circuits pane's data, for all of its views.
package struct CircuitsContent: Equatable, Sendable {
  /// A pool of one gateway.
  package struct Pool: Equatable, Sendable, Identifiable {
    package var node: ByteText
    package var state: PoolState
    /// The pool's own breaker.
    package var breaker: BreakerState?
    /// Milliseconds until an open breaker lets its probe through, at the moment shown.
    package var cooldownLeftMs: Int64?
    /// nil where its gateway does not tell.
    package var rejectionsPerSecond: Double?
    /// By worker number: busy, or the state of a breaker that is not closed.
    package var workers: [WorkerCell]
    package var isStale: Bool
    /// What its gateway does not tell.
    package var unknown: UnknownState

    package var id: ByteText { [node, state.name].joinedAsKey }

    /// What alerts call it.
    package var alertSubject: ByteText { "\(node) \(state.name)" }

    package init(
      node: ByteText, state: PoolState, breaker: BreakerState? = nil, cooldownLeftMs: Int64? = nil,
      rejectionsPerSecond: Double? = 0, workers: [WorkerCell] = [], isStale: Bool = false,
      unknown: UnknownState = UnknownState()
    ) {
      self.node = node
      self.state = state
      self.breaker = breaker
      self.cooldownLeftMs = cooldownLeftMs
      self.rejectionsPerSecond = rejectionsPerSecond
      self.workers = workers
      self.isStale = isStale
      self.unknown = unknown
    }
  }

  package enum WorkerCell: Equatable, Sendable {
    case idle, busy, halfOpen, open
  }

  /// A breaker that is open or half-open, or was within the history.
  package struct Breaker: Equatable, Sendable, Identifiable {
    package var node: ByteText
    package var state: BreakerState
    package var cooldownLeftMs: Int64?
    /// One cell a time slot over the window, oldest first; nil where nothing is known.
    package var timeline: [CircuitState?]
    package var isStale: Bool
    /// Requests that it may have refused within the window: those of its service, or of its pool but for what other breakers are for.
    package var refused: Int64 = 0
    /// False for one that its gateway tells nothing of any more, since it closed: it is as it was told last.
    package var isTold = true

    package var id: ByteText { [node, state.entryKey].joinedAsKey }

    /// What alerts call it.
    package var alertSubject: ByteText {
      "\(node) \(state.pool)\(state.worker.map { " worker \($0)" } ?? state.serviceText)"
    }

    package init(
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
  package struct ServiceRefusals: Equatable, Sendable {
    package var service: ByteText
    /// Over the window.
    package var refused: Int64
    package var refusedPerSecond: Double
    package var requestsPerSecond: Double

    package init(service: ByteText, refused: Int64, refusedPerSecond: Double, requestsPerSecond: Double) {
      self.service = service
      self.refused = refused
      self.refusedPerSecond = refusedPerSecond
      self.requestsPerSecond = requestsPerSecond
    }
  }

  package var pools: [Pool] = []
  /// What refuses most in the window first, then open ones, then half-open, then those closed again, latest first.
  package var breakers: [Breaker] = []
  package var services: [ServiceRefusals] = []

  package init() {}

  /// Of gateways that are heard: what the others told last is no news.
  package var openCount: Int { breakers.count { $0.state.state == .open && !$0.isStale } }
  package var halfOpenCount: Int { breakers.count { $0.state.state == .halfOpen && !$0.isStale } }
}

extension BreakerState {
  /// When it opened: failed probes do not begin it anew, where the gateway tells.
  package var notClosedSince: Int64 { openedAt ?? since }
  /// The same of one that is not closed; nil of one that is.
  package var openSince: Int64? { state == .closed ? nil : notClosedSince }

  /// What it is called in rules and filters: its pool, its service, or both as `pool/service`.
  package var names: [ByteText] { service.map { [pool, $0, "\(pool)/\($0)"] } ?? [pool] }

  /// ` service`, ` service on node` behind a pool's name; nothing for the breaker of a pool or a worker.
  package var serviceText: ByteText {
    guard let service else { return "" }
    return " \(service)\(node.map { " on \($0)" } ?? "")"
  }
}
