import TopModel

/// What the user has set: how the program starts. The screen may be changed with keys from there.
public struct Configuration: Equatable, Sendable {
  /// Gateways to watch; empty: the one on this machine.
  public var targets: [String] = []
  /// A file whose first line is the token.
  public var tokenFile: String?
  /// How often gateways send their numbers, in milliseconds, 100 to 60 000.
  public var intervalMs = 1_000
  public var theme = Theme.standard.name
  public var hasColor = true
  public var usesASCII = false
  public var hasMouse = true
  public var filter = ""
  public var window = StatisticsWindow.oneMinute
  public var layout = LayoutConfiguration()
  /// By pane: the names of the columns shown, in order; a pane that is left out shows all.
  public var columns: [PaneKind: [String]] = [:]
  /// By command: its keys, instead of the standard ones.
  public var keys: [String: [String]] = [:]
  public var keyMap = KeyMap.standard
  public var alerts = AlertConfiguration()
  /// Where each value is from, by dotted key; what is not here is the default.
  public var origins: [String: Origin] = [:]

  public init() {}

  public enum Origin: Equatable, Sendable {
    case file(String, line: Int?)
    case flag(String)
    case environment(String)
  }

  /// How the panes stand at the start.
  public struct LayoutConfiguration: Equatable, Sendable {
    public var hidden: Set<PaneKind> = []
    public var focus = PaneKind.requests
    public var isZoomed = false
    public var circuits = CircuitMode.pools
    public var latency = LatencyMode.lines
    public var sort = RequestSort.rate
    public var isReversed = false

    public init() {}
  }

  /// What is watched.
  public struct AlertConfiguration: Equatable, Sendable {
    /// Watch the default rules too.
    public var hasDefaults = true
    /// Ring the terminal's bell when something begins to fire.
    public var hasBell = false
    public var rules: [AlertExpression] = []
    public var critical: [AlertExpression] = []

    public init() {}

    /// Everything that is watched, the user's own first.
    public var all: [AlertRule] {
      critical.map { AlertRule($0, isCritical: true) } + rules.map { AlertRule($0) }
        + (hasDefaults ? AlertRule.defaults : [])
    }
  }

  /// The screen it begins with.
  public func apply(to state: inout ScreenState) {
    state.hidden = layout.hidden.subtracting([layout.focus])
    state.focus = layout.focus
    state.isZoomed = layout.isZoomed
    state.settings.circuitView = layout.circuits
    state.settings.latencyMode = layout.latency
    state.settings.requestSort = layout.sort
    state.settings.isSortReversed = layout.isReversed
    state.settings.window = window
    state.columns = columns
    state.usesASCII = usesASCII
  }
}
