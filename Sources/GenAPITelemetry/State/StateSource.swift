/// A part that can say how it stands: the gateway, for the stream exporter and the operator's view.
public protocol StateSource: Sendable {
  /// The state now. Called about once a second for all subscribers together, from any thread; must not wait
  /// for anything a client can hold up.
  func currentState() -> GatewayState
}
