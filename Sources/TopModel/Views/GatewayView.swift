import GenAPITelemetry

/// What only the details of a gateway show. There is no history of it: it is as it was told last.
package struct GatewayView: Equatable, Sendable {
  package var sockets = SocketsState()
  package var hooks: [HookState] = []
  package var configuration = ConfigurationState()
  package var certificates: [CertificateState] = []
  package var subscribers: [SubscriberState] = []
  package var threads = 0
  package var uptimeMs: Int64 = 0
  /// Lines of its log that nobody will read, since it started.
  package var droppedLogLines: Int64 = 0
  /// Requests since the gateway started.
  package var totals = TotalsState()
  /// The keys of its rate limits.
  package var limiter = LimiterState()

  /// Names, texts and entries of it that were too long or too many to be kept.
  package var cut: Int64 = 0

  /// It has told anything of all this, now or on a connection before.
  package var isTold = true

  /// What it does not tell of all this.
  package var unknown = UnknownState()

  package init() {}
}
