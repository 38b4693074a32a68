import Dispatch
import GenAPITelemetry
import Locking
import NIOCore

/// Asks the gateway for its state and turns it into frames, on a queue of its own: a slow or hanging source holds
/// up state frames, never events.
final class StateMaker: Sendable {
  private let bus: TelemetryBus
  private let source: any StateSource
  private let queue = DispatchQueue(label: "genapi.stream.state", qos: .utility)
  private let kept = Mutex(KeptState())

  init(bus: TelemetryBus, source: any StateSource) {
    self.bus = bus
    self.source = source
  }

  /// Makes a frame for every request from one look at the gateway.
  ///
  /// - Parameters:
  ///   - subscribers: what the state says of the stream's subscribers.
  ///   - dropped: events that some subscriber missed, in all.
  ///   - oldest: the number of the oldest state that somebody knows; nil when nobody knows any.
  ///   - tracksBuckets: whether somebody asks for changed buckets, now or later.
  ///   - done: called on the queue.
  func make(
    _ requests: [StateRequest], subscribers: [SubscriberState], dropped: Int64, oldest: Int?,
    tracksBuckets: Bool, done: @escaping @Sendable ([StateAnswer]) -> Void
  ) {
    queue.async { [self] in
      let progress = bus.progress
      let at = SystemTime().wallMicroseconds()
      let answers = kept.withLock { kept in
        kept.take(from: source, oldest: oldest, tracksBuckets: tracksBuckets) { state in
          state.subscribers = subscribers
          state.totals.eventsEmitted = max(state.totals.eventsEmitted, progress.sequence)
          state.totals.eventsDropped = progress.dropped + dropped
        }
        var answered: [(request: StateRequest, answer: StateAnswer)] = []
        return requests.map { request in
          // Most subscribers want the same, and know the same.
          let same = answered.first { $0.request.asks(for: request) }?.answer
          var answer = same ?? Self.answer(request, kept, progress.sequence, at)
          (answer.id, answer.generation) = (request.id, request.generation)
          if same == nil { answered.append((request, answer)) }
          return answer
        }
      }
      done(answers)
    }
  }

  private static func answer(_ request: StateRequest, _ kept: KeptState, _ sequence: Int64, _ at: Int64)
    -> StateAnswer
  {
    func answer(_ known: KnownState, _ lines: [ByteBuffer]) -> StateAnswer {
      StateAnswer(
        id: request.id, generation: request.generation, sequence: sequence, known: known, lines: lines)
    }
    if request.filter.wantsAllServices {
      let lines: [ByteBuffer]
      if case .number(let number)? = request.base, !request.isFirst, kept.knows(number) {
        lines = kept.lines(
          since: number, at: at, sequence: sequence, changedBuckets: request.changedBuckets)
      } else if request.isFirst, !request.wantsSnapshot {
        lines = []
      } else {
        lines = StateEncoder.snapshot(at: at, sequence: sequence, kept.state)
      }
      return answer(.number(kept.number), lines)
    }
    let state = kept.state.narrowed(by: request.filter)
    guard case .narrowed(let base)? = request.base, !request.isFirst else {
      let lines = request.wantsSnapshot ? StateEncoder.snapshot(at: at, sequence: sequence, state) : []
      return answer(.narrowed(state), lines)
    }
    let change = state.changes(since: base)
    let buckets = request.changedBuckets ? Self.buckets(of: change.series, since: base.series) : []
    return answer(
      .narrowed(state), StateEncoder.change(at: at, sequence: sequence, change, buckets: buckets))
  }

  private static func buckets(of series: [SeriesState], since base: [SeriesState]) -> [ChangedBuckets?] {
    var matcher = EntryMatcher(base)
    return series.map { series in
      matcher.position(of: series).flatMap {
        BucketNumbers.changes(of: series.latency, since: base[$0].latency)
      }
    }
  }
}
