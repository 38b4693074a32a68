import GenAPITelemetry
import GenAPIValue

/// The gateway among its nodes.
public struct ClusterView: Codable, Sendable, Equatable {
  /// A service node, as the gateway sees it.
  public struct Node: Codable, Sendable, Equatable {
    /// The node's name.
    public var node: ByteText
    /// Whether it can be reached.
    public var up: Bool
    /// When it came or went, microseconds since the Unix epoch.
    public var since: Int64
    /// Why it is down; nil where it is up, and where nobody knows.
    public var reason: ByteText?
    /// Services whose functions are placed on it.
    public var services: [ByteText]
    /// Calls to it since the gateway started.
    public var calls: Int64
    /// Of these, those that got no answer or threw, but for those that went on to another node.
    public var failures: Int64
    /// Of these, those that went on to another node, as this one could not be reached.
    public var failovers: Int64
    /// Microseconds; nil before the first call.
    public var p99Us: Int64?

    private enum CodingKeys: String, CodingKey {
      case node
      case up
      case since
      case reason
      case services
      case calls
      case failures
      case failovers
      case p99Us = "p99_us"
    }
  }

  /// This gateway's node.
  public var node: ByteText
  /// What this node is in the cluster.
  public var mode: ByteText
  /// Services with a function that runs here.
  public var localServices: [ByteText]
  /// The names of the nodes that can be reached.
  public var connected: [ByteText]
  /// Every node that the gateway knows.
  public var nodes: [Node]
  /// How many functions choose their node in which way.
  public var nodeSelection: [ByteText: Int]

  private enum CodingKeys: String, CodingKey {
    case node
    case mode
    case localServices = "local_services"
    case connected
    case nodes
    case nodeSelection = "node_selection"
  }
}

extension Gateway {
  /// The nodes this gateway knows, from what it saw: nothing is called, so nothing can block.
  public func clusterView() -> ClusterView {
    let overview = configs.overview
    let functions = overview.states
    let states = nodeStatistics.states(overview.servicesOfNode)
    var selection: [ByteText: Int] = [:]
    for function in functions where function.nodes != ["local"] {
      selection[function.chooseNode, default: 0] += 1
    }
    return ClusterView(
      node: configuration.node, mode: configuration.isClient ? "client" : "gateway",
      localServices: Set(functions.filter { $0.nodes == ["local"] }.map(\.service)).sorted(),
      connected: states.filter(\.up).map(\.node),
      nodes: states.map {
        ClusterView.Node(
          node: $0.node, up: $0.up, since: $0.since, reason: $0.reason, services: $0.services,
          calls: $0.calls,
          failures: max(0, $0.failures - $0.failovers), failovers: $0.failovers,
          p99Us: $0.latency.quantile(0.99))
      }, nodeSelection: selection)
  }
}
