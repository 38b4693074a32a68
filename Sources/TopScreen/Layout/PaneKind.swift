import OutsideText

/// The one list of panes, in the order in which one walks through them. What a pane is called, what it shows and what can
/// be done with its rows its own type says, see `Pane`.
package enum PaneKind: Int, CaseIterable, Sendable, Comparable {
  case requests = 1
  case latency, limits, circuits, configs, relay, events, nodes, alerts

  var type: any Pane.Type {
    switch self {
    case .requests: RequestsPane.self
    case .latency: LatencyPane.self
    case .limits: LimitsPane.self
    case .circuits: CircuitsPane.self
    case .configs: ConfigsPane.self
    case .relay: RelayPane.self
    case .events: EventsPane.self
    case .nodes: NodesPane.self
    case .alerts: AlertsPane.self
    }
  }

  package var title: String { type.title.description }

  /// The title in three letters, for the line of all panes on a narrow screen.
  var shortTitle: String {
    switch self {
    case .requests: "Req"
    case .latency: "Lat"
    case .limits: "Lim"
    case .circuits: "Cir"
    case .configs: "Cfg"
    case .relay: "Rel"
    case .events: "Evt"
    case .nodes: "Nod"
    case .alerts: "Alr"
    }
  }

  /// The title as it lies in the binary: for a crash report, which must not take memory.
  package var literalTitle: StaticString { type.title }

  /// In configuration files and in the palette.
  package var key: String { title.lowercased().replacing(" ", with: "_") }

  /// The columns that can be chosen; empty for a pane without.
  package var columnNames: [String] { type.columnNames }

  /// Panes whose rows the screen sorts; the functions the model does, by `layout.sort`.
  static var sortable: [PaneKind] { allCases.filter { $0 != .requests && !$0.type.sortColumns.isEmpty } }

  /// The digit that focuses it. Only the first ten have one; the others are reached by Tab and the palette.
  package var digit: Character? {
    switch rawValue {
    case 1...9: Character(String(rawValue))
    case 10: "0"
    default: nil
    }
  }

  package init?(digit: Character) {
    guard let found = Self.allCases.first(where: { $0.digit == digit }) else { return nil }
    self = found
  }

  package static func < (one: PaneKind, other: PaneKind) -> Bool { one.rawValue < other.rawValue }
}
