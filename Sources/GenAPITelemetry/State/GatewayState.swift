import GenAPIValue

/// Everything a gateway knows of itself at one moment: the exact numbers behind the events.
///
/// Counters are cumulative since the gateway started. What a snapshot frame carries, and what answers an
/// operator's questions inside the process.
public struct GatewayState: StateFields {
  /// The counters of the whole gateway.
  public var totals = TotalsState()
  /// Each function's counters and latencies.
  public var series: [SeriesState] = []
  /// Each function's users with most requests, failures and refusals of the last minutes; at most 1 000 entries.
  public var topUsers: [TopUserState] = []
  /// Every rate limit.
  public var limits: [LimitState] = []
  /// The 20 keys closest to their limits.
  public var hotKeys: [HotKeyState] = []
  /// The keys of all limits together.
  public var limiter = LimiterState()
  /// The worker pools.
  public var pools: [PoolState] = []
  /// The pools' circuit breakers, and all others that are not closed.
  public var breakers: [BreakerState] = []
  /// Every version of a function that has a config.
  public var functions: [FunctionState] = []
  /// Where each service's functions come from.
  public var services: [ServiceState] = []
  /// The last 100 changes.
  public var configChanges: [ConfigChangeState] = []
  /// Configs that were refused in the last day.
  public var failedConfigs: [FailedConfigState] = []
  /// The relay groups.
  public var relay: [GroupState] = []
  /// The hooks that ran.
  public var hooks: [HookState] = []
  /// Clients' connections.
  public var sockets = SocketsState()
  /// The service nodes that the gateway knows.
  public var nodes: [ServiceNodeState] = []
  /// The clients of the telemetry stream.
  public var subscribers: [SubscriberState] = []
  /// The operating system's numbers of the gateway's process.
  public var process = ProcessState()
  /// Whether clients should be sent to it.
  public var readiness = ReadinessState()
  /// What of all this the source of the state cannot tell.
  public var unknown = UnknownState()
  /// What became of the last readings of its configuration.
  public var configuration = ConfigurationState()
  /// The certificates that it shows.
  public var certificates: [CertificateState] = []

  public init() {}

  /// The one list of sections, in the order they are written: coding, changes, bounds, filters, clocks, history and the
  /// document of `genapi-top --once` go through it.
  ///
  /// Generic over what is done, so that it is compiled for each section as if it were written out.
  @inlinable
  public static func visitSections<Visitor: SectionVisitor>(
    _ visitor: inout Visitor
  ) throws(Visitor.Failure) {
    try visitor.object(ObjectSection("totals", \.totals))
    try visitor.list(
      ListSection("series", \.series, budget: 32_000_000, past: .forgotten, document: nil))
    try visitor.list(ListSection("top_users", \.topUsers, past: .forgotten, document: ["top_users"]))
    try visitor.list(ListSection("limits", \.limits, past: .kept, document: ["rate_limits", "limits"]))
    try visitor.list(ListSection("hot_keys", \.hotKeys, past: .kept, document: ["rate_limits", "hot_keys"]))
    try visitor.object(ObjectSection("limiter", \.limiter))
    try visitor.list(ListSection("pools", \.pools, past: .kept, document: ["pools"]))
    try visitor.list(ListSection("breakers", \.breakers, past: .kept, document: ["breakers"]))
    try visitor.list(
      ListSection(
        "functions", \.functions, budget: 16_000_000, past: .kept, document: ["configs", "functions"]))
    try visitor.list(ListSection("services", \.services, past: .kept, document: ["configs", "services"]))
    try visitor.list(
      ListSection("config_changes", \.configChanges, past: .kept, document: ["configs", "changes"]))
    try visitor.list(
      ListSection("failed_configs", \.failedConfigs, past: .kept, document: ["configs", "failed"]))
    try visitor.list(ListSection("relay", \.relay, past: .forgotten, document: ["relay"]))
    try visitor.list(ListSection("hooks", \.hooks, past: .forgotten, document: ["hooks"]))
    try visitor.object(ObjectSection("sockets", \.sockets))
    try visitor.list(
      ListSection("nodes", \.nodes, past: .keptAs(\.withoutCounters), document: ["service_nodes"]))
    try visitor.list(
      ListSection("subscribers", \.subscribers, past: .forgotten, document: ["subscribers"]))
    try visitor.object(ObjectSection("process", \.process))
    try visitor.object(ObjectSection("readiness", \.readiness))
    try visitor.object(ObjectSection("unknown", \.unknown))
    try visitor.object(ObjectSection("configuration", \.configuration))
    try visitor.list(
      ListSection("certificates", \.certificates, past: .kept, document: ["certificates"]))
  }

  /// Shows every field of every section to an editor.
  @inlinable
  public mutating func edit(_ editor: inout some StateEditor) {
    var sections = EditedSections(state: self, editor: editor)
    self = GatewayState()
    Self.visitSections(&sections)
    self = sections.state
    editor = sections.editor
  }
}

/// Shows the fields of each section to an editor.
@usableFromInline
struct EditedSections<Editor: StateEditor>: SectionVisitor {
  @usableFromInline var state: GatewayState
  @usableFromInline var editor: Editor

  @inlinable
  init(state: GatewayState, editor: Editor) {
    self.state = state
    self.editor = editor
  }

  @inlinable
  mutating func object<Object>(_ section: ObjectSection<Object>) {
    state[keyPath: section.path].edit(&editor)
  }

  @inlinable
  mutating func list<Entry>(_ section: ListSection<Entry>) {
    editor.entries(&state[keyPath: section.path], most: nil)
  }
}
