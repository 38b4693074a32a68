import ErlangNode
import GenAPIGateway
import GenAPIValue
import Locking

/// Which nodes have which roles, and which of them are connected.
///
/// As a `nodes` function of configs: `{"function": "Cluster.nodes_with_role", "args": ["users"]}`.
public final class NodeRoles: Sendable {
  private struct State {
    var roles: [ByteText: Set<ByteText>] = [:]
    var up: Set<ByteText> = []
  }

  private let state = Mutex(State())

  /// Makes the roles of a node.
  public init(node: LocalNode) {
    node.watchNodes { [weak self] event in
      self?.state.withLock { state in
        switch event {
        case .up(let name): state.up.insert(name)
        case .down(let name, _): state.up.remove(name)
        }
      }
    }
  }

  /// Gives a node its roles, in place of those it had.
  public func set(_ roles: Set<ByteText>, of node: ByteText) { state.withLock { $0.roles[node] = roles } }

  /// The nodes with a role, those that are connected first.
  public func nodes(role: ByteText) -> [ByteText] {
    state.withLock { state in
      state.roles.filter { $0.value.contains(role) }.map(\.key).sorted {
        (state.up.contains($0) ? 0 : 1, $0) < (state.up.contains($1) ? 0 : 1, $1)
      }
    }
  }

  /// Lets configs name nodes by their role.
  public func serve(on gateway: Gateway) {
    gateway.functions.registerNodeList("Cluster.nodes_with_role") { [weak self] arguments in
      let role = arguments.first?.string ?? ""
      return self?.nodes(role: role) ?? []
    }
  }
}
