import GenAPITelemetry

/// What only the details of a gateway show. There is no history of it: it is as it was told last.
public struct GatewayView: Equatable, Sendable {
  public var sockets = SocketsState()
  public var hooks: [HookState] = []
  public var subscribers: [SubscriberState] = []
  public var threads = 0
  public var uptimeMs: Int64 = 0
  /// Requests since the gateway started.
  public var totals = TotalsState()

  /// Names, texts and entries of it that were too long or too many to be kept.
  public var cut: Int64 = 0

  public init() {}
}
