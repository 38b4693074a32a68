import GenAPITelemetry
import GenAPIValue

/// What the filter's node terms let through of one gateway.
struct NodeScope {
  /// The gateway itself is meant: all it holds.
  static let whole = NodeScope(functions: nil, services: nil)

  /// Service and request type of what runs on the service nodes that are meant; nil for all.
  private let functions: Set<[ByteText]>?
  private let services: Set<ByteText>?

  var isWhole: Bool { functions == nil }

  func includes(service: ByteText, requestType: ByteText) -> Bool {
    functions.map { $0.contains([service, requestType]) } ?? true
  }

  func includes(service: ByteText) -> Bool { services.map { $0.contains(service) } ?? true }

  private init(functions: Set<[ByteText]>?, services: Set<ByteText>?) {
    self.functions = functions
    self.services = services
  }

  init(nodes: Set<ByteText>, of slow: SlowState) {
    functions = Set(
      slow.functions.filter { !nodes.isDisjoint(with: $0.nodes) }.map { [$0.service, $0.requestType] })
    services = Set(slow.nodes.filter { nodes.contains($0.node) }.flatMap(\.services))
      .union(functions?.compactMap(\.first) ?? [])
  }
}

extension ClusterModel {
  /// nil when the filter's node terms mean neither the gateway nor a service node that it knows.
  func scope(_ target: TargetModel, _ settings: ViewSettings) -> NodeScope? {
    if settings.filter.matchesNode(target.name) { return .whole }
    guard let slow = slowState(target, settings) else { return nil }
    let nodes = Set(slow.nodes.map(\.node).filter { settings.filter.matchesNode($0) })
    // What the terms leave out of the gateways they leave out of their nodes too.
    guard !nodes.isEmpty, settings.filter.namesNodes else { return nil }
    return NodeScope(nodes: nodes, of: slow)
  }

  /// The gateways and what of each the filter's node terms let through.
  func scoped(_ settings: ViewSettings) -> [(target: TargetModel, scope: NodeScope)] {
    gateways.compactMap { target in scope(target, settings).map { (target, $0) } }
  }
}

extension FilterExpression {
  /// Only the node terms: everything else is about what a node holds.
  func matchesNode(_ name: ByteText) -> Bool { terms.allSatisfy { $0.key != .node || $0.allows([name]) } }

  /// Whether a term asks for nodes, and does not only leave some out.
  var namesNodes: Bool { terms.contains { $0.key == .node && !$0.isNegated } }
}
