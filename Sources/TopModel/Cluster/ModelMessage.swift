import GenAPIStream
import GenAPITelemetry
import GenAPIValue

/// What the model learns, one thing at a time. `target` is the place of the gateway's address in the list the
/// model was made with.
public enum ModelMessage: Sendable {
  case connecting(target: Int)
  indirect case hello(target: Int, node: ByteText, software: ByteText, startedAt: Int64)
  indirect case snapshot(target: Int, at: Int64, sequence: Int64, GatewayState)
  indirect case state(target: Int, at: Int64, sequence: Int64, GatewayStateChange)
  case event(target: Int, EventRecord)
  /// The gateway had no room for events.
  case dropped(target: Int, DroppedEvents)
  /// Events came, and were not taken in time.
  case overrun(target: Int, DroppedEvents)
  case disconnected(target: Int, reason: ByteText)
  case retrying(target: Int, inMs: Int64)
  /// A second passed.
  case tick

  /// nil for what changes nothing.
  public init?(_ event: SubscriberEvent, target: Int) {
    switch event {
    case .connecting: self = .connecting(target: target)
    case .connected(let hello):
      self = .hello(
        target: target, node: hello.node, software: hello.software, startedAt: hello.startedAt)
    case .overrun(let dropped): self = .overrun(target: target, dropped)
    case .failed(let reason): self = .disconnected(target: target, reason: reason)
    case .closed(let reason): self = .disconnected(target: target, reason: reason)
    case .retrying(let milliseconds): self = .retrying(target: target, inMs: Int64(milliseconds))
    case .frame(let frame):
      switch frame {
      case .hello(let hello):
        self = .hello(
          target: target, node: hello.node, software: hello.software, startedAt: hello.startedAt)
      case .snapshot(let at, let sequence, let state):
        self = .snapshot(target: target, at: at, sequence: sequence, state)
      case .state(let at, let sequence, let change):
        self = .state(target: target, at: at, sequence: sequence, change)
      case .event(let record): self = .event(target: target, record)
      case .dropped(_, let dropped): self = .dropped(target: target, dropped)
      case .bye(let reason): self = .disconnected(target: target, reason: reason)
      case .error(_, let message): self = .disconnected(target: target, reason: message)
      case .subscribe, .ping, .pong, .recording, .unknown: return nil
      }
    }
  }
}
