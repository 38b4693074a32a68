import Dispatch
import GenAPITelemetry
import NIOCore
import Synchronization

/// Asks the gateway for its state and turns it into frames, on a queue of its own: a slow or hanging source holds
/// up state frames, never events.
final class StateMaker: Sendable {
  private let bus: TelemetryBus
  private let source: any StateSource
  private let queue = DispatchQueue(label: "genapi.stream.state", qos: .utility)
  /// The last state, as it was and within its bounds.
  private let last = Mutex<(raw: GatewayState, bounded: GatewayState)?>(nil)

  init(bus: TelemetryBus, source: any StateSource) {
    self.bus = bus
    self.source = source
  }

  /// Makes a frame for every request from one look at the gateway.
  ///
  /// - Parameters:
  ///   - subscribers: what the state says of the stream's subscribers.
  ///   - dropped: events that some subscriber missed, in all.
  ///   - done: called on the queue.
  func make(
    _ requests: [StateRequest], subscribers: [SubscriberState], dropped: Int64,
    done: @escaping @Sendable ([StateAnswer]) -> Void
  ) {
    queue.async { [self] in
      let progress = bus.progress
      var state = source.currentState()
      state.subscribers = subscribers
      state.totals.eventsEmitted = max(state.totals.eventsEmitted, progress.sequence)
      state.totals.eventsDropped = progress.dropped + dropped
      let whole = bounded(state)
      let at = SystemTime().wallMicroseconds()
      var answered: [(request: StateRequest, answer: StateAnswer)] = []
      done(
        requests.map { request in
          // Most subscribers want the same, and know the same.
          let same = answered.first { $0.request.asks(for: request) }?.answer
          var answer = same ?? answer(request, whole, progress.sequence, at)
          (answer.id, answer.generation) = (request.id, request.generation)
          if same == nil { answered.append((request, answer)) }
          return answer
        })
    }
  }

  /// A list that is the same memory as last time is within its bounds as last time.
  private func bounded(_ raw: GatewayState) -> GatewayState {
    last.withLock { last in
      var sections = BoundedSections(raw: raw, last: last)
      GatewayState.visitSections(&sections)
      last = (raw, sections.bounded)
      return sections.bounded
    }
  }

  private func answer(_ request: StateRequest, _ whole: GatewayState, _ sequence: Int64, _ at: Int64)
    -> StateAnswer
  {
    let state = whole.narrowed(by: request.filter)
    let lines: [ByteBuffer]
    if request.isFirst {
      lines = request.wantsSnapshot ? StateEncoder.snapshot(at: at, sequence: sequence, state) : []
    } else {
      let change = state.changes(since: request.base ?? GatewayState())
      lines = StateEncoder.change(at: at, sequence: sequence, change)
    }
    return StateAnswer(
      id: request.id, generation: request.generation, sequence: sequence, state: state, lines: lines)
  }
}

private struct BoundedSections: SectionVisitor {
  let raw: GatewayState
  let last: (raw: GatewayState, bounded: GatewayState)?
  var bounded = GatewayState()
  private var bound = TextBound()

  init(raw: GatewayState, last: (raw: GatewayState, bounded: GatewayState)?) {
    self.raw = raw
    self.last = last
  }

  mutating func object<Object>(_ section: ObjectSection<Object>) {
    var object = raw[keyPath: section.path]
    object.edit(&bound)
    bounded[keyPath: section.path] = object
  }

  mutating func list<Entry>(_ section: ListSection<Entry>) {
    var list = raw[keyPath: section.path]
    if let last, list.shares(last.raw[keyPath: section.path]) {
      list = last.bounded[keyPath: section.path]
    } else {
      bound.entries(&list, most: nil)
    }
    bounded[keyPath: section.path] = list
  }
}
