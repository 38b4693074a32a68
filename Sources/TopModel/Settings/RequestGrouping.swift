/// What the rows of the requests pane are: functions, or all requests that have something in common.
package enum RequestGrouping: String, CaseIterable, Sendable {
  case functions, services, gateways, nodes, versions, users

  /// `by service`; nothing for functions.
  package var label: String {
    switch self {
    case .functions: ""
    case .services: "by service"
    case .gateways: "by gateway"
    case .nodes: "by node"
    case .versions: "by version"
    case .users: "by user"
    }
  }
}
