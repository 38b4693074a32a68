import TopModel

/// The panes of a moment, each with its data.
enum Panes {
  static func pane(_ kind: PaneKind, content: ScreenContent, state: ScreenState) -> any Pane {
    switch kind {
    case .requests: RequestsPane(rows: content.requests)
    case .latency: LatencyPane(view: content.latency)
    case .limits: LimitsPane(rows: content.limits)
    case .circuits: CircuitsPane(view: content.circuits, mode: state.settings.circuitView)
    case .configs: ConfigsPane(view: content.configs)
    case .relay: RelayPane(rows: content.relay)
    case .events:
      EventsPane(rows: content.events, isFollowing: state.isFollowing, isSearching: content.isSearching)
    case .nodes: NodesPane(rows: content.nodes)
    case .alerts: AlertsPane(rows: content.alerts)
    }
  }
}
