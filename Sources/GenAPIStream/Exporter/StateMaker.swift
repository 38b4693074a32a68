import Dispatch
import GenAPITelemetry
import NIOCore

/// Asks the gateway for its state and turns it into frames, on a queue of its own: a slow or hanging source holds
/// up state frames, never events.
final class StateMaker: Sendable {
  private let bus: TelemetryBus
  private let source: any StateSource
  private let queue = DispatchQueue(label: "genapi.stream.state", qos: .utility)

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
      var bound = TextBound()
      state.edit(&bound)
      let at = SystemTime().wallMicroseconds()
      done(requests.map { answer($0, state, progress.sequence, at) })
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
