import TopModel

/// What the user has set: how the program starts. The screen may be changed with keys from there.
package struct Configuration: Equatable, Sendable {
  /// Gateways to watch; empty: the one on this machine.
  package var targets: [String] = []
  /// A file whose first line is the token.
  package var tokenFile: String?
  /// How often gateways send their numbers, in milliseconds, 100 to 60 000.
  package var intervalMs = 1_000
  package var theme = Theme.standard.name
  package var hasColor = true
  package var usesASCII = false
  package var hasMouse = true
  package var filter = ""
  package var window = StatisticsWindow.oneMinute
  package var layout = LayoutConfiguration()
  /// By pane: the names of the columns shown, in order; a pane that is left out shows all.
  package var columns: [PaneKind: [String]] = [:]
  /// By pane, but for the requests: what its rows are sorted by; a pane that is left out has its usual order.
  package var sorts: [PaneKind: ColumnSort] = [:]
  /// By command: its keys, instead of the standard ones.
  package var keys: [String: [String]] = [:]
  package var keyMap = KeyMap.standard
  package var alerts = AlertConfiguration()
  /// Where each value is from, by dotted key; what is not here is the default.
  package var origins: [String: Origin] = [:]

  /// Where a layout that was saved lies, whether or not there is one; nil where there is no place for one.
  package var layoutFile: String?
  /// The theme is from there.
  package var savedTheme = false

  package init() {}

  package enum Origin: Equatable, Sendable {
    case file(String, line: Int?)
    case flag(String)
    case environment(String)
  }

  /// How the panes stand at the start.
  package struct LayoutConfiguration: Equatable, Sendable {
    package var hidden: Set<PaneKind> = []
    package var focus = PaneKind.requests
    package var isZoomed = false
    package var circuits = CircuitMode.pools
    package var latency = LatencyMode.lines
    package var sort = RequestSort.worst
    package var isReversed = false

    package init() {}
  }

  /// What is watched.
  package struct AlertConfiguration: Equatable, Sendable {
    /// Watch the default rules too.
    package var hasDefaults = true
    /// Ring the terminal's bell when something begins to fire.
    package var hasBell = false
    package var rules: [AlertExpression] = []
    package var critical: [AlertExpression] = []

    package init() {}

    /// Everything that is watched, the user's own first.
    package var all: [AlertRule] {
      critical.map { AlertRule($0, isCritical: true) } + rules.map { AlertRule($0) }
        + (hasDefaults ? AlertRule.defaults : [])
    }
  }

  /// The screen it begins with.
  package func apply(to state: inout ScreenState) {
    state.hidden = layout.hidden.subtracting([layout.focus])
    state.focus = layout.focus
    state.isZoomed = layout.isZoomed
    state.settings.circuitView = layout.circuits
    state.settings.latencyMode = layout.latency
    state.settings.requestSort = layout.sort
    state.settings.isSortReversed = layout.isReversed
    state.settings.window = window
    state.columns = columns
    state.sorts = sorts
    state.usesASCII = usesASCII
  }
}
