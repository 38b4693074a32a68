/// A part that can say how it stands: the gateway, for the stream exporter and the operator's view.
public protocol StateSource: Sendable {
  /// The state now. Called about once a second for all subscribers together, from any thread; must not wait
  /// for anything a client can hold up.
  func currentState() -> GatewayState

  /// How often it was told how the gateway stands, where it only passes on what something else tells it: who watches gets a state for
  /// each, and none while this stays the same. nil for one that knows by itself whenever it is asked, as the gateway does.
  var timesTold: Int64? { get }

  /// The bus that its events are emitted on; nil for one that has none of its own. An exporter of another bus says so in its log.
  var eventBus: TelemetryBus? { get }
}

extension StateSource {
  public var timesTold: Int64? { nil }
  public var eventBus: TelemetryBus? { nil }
}
