import GenAPIValue

/// Where a function runs.
public enum NodeSource: Sendable, Hashable {
  /// On the gateway itself.
  case local
  /// The nodes with these names.
  case list([ByteText])
  /// A registered function that lists nodes, asked for every request.
  case function(FunctionReference)
}

/// Which of the nodes gets a request.
public enum NodeChoice: Sendable, Hashable, CustomStringConvertible {
  /// Any node, each as likely.
  case random
  /// By the request id.
  case hash
  /// By an argument; random when it is absent or empty.
  case hashKey(ByteText)
  /// One node after the other.
  case roundRobin
  /// The same node until an hour after the last such request; random for a request without such a value.
  case sticky(RequestKey)

  public var description: String {
    switch self {
    case .random: "random"
    case .hash: "hash"
    case .hashKey(let key): "hash(\(key))"
    case .roundRobin: "round_robin"
    case .sticky(let key): "sticky(\(key))"
    }
  }
}

/// How a result is delivered.
public enum ResponseType: String, Sendable, Hashable, CaseIterable {
  /// As the answer.
  case sync
  /// An acknowledgement at once, the result later.
  case async
  /// In parts.
  case stream
  /// Not at all.
  case none
}

/// Who may call.
public enum PermissionMode: Sendable, Hashable, CustomStringConvertible {
  /// Nothing was said: anybody, unless the gateway requires that it is (`GatewayConfiguration.requiresPermission`).
  case unstated
  /// Anybody: `false` in a config.
  case open
  /// Whoever has proved to be a user may call.
  case anyAuthenticated
  /// Who is named by this argument.
  case argument(ByteText)
  /// Who has one of these roles.
  case role([ByteText])

  public var description: String {
    switch self {
    case .unstated, .open: "false"
    case .anyAuthenticated: "any_authenticated"
    case .argument(let name): "arg(\(name))"
    case .role(let roles): "role(\(roles.joined(separator: ", ")))"
    }
  }
}

/// How often a failed call is tried again.
///
/// In a pool each attempt asks its circuit breaker as a first one does: one that opened meanwhile ends the retries, and the request with its
/// refusal.
public enum RetryPolicy: Sendable, Hashable, CustomStringConvertible {
  /// On the nodes first selected.
  case sameNode(Int)
  /// On the list resolved afresh.
  case allNodes(Int)

  /// How often a failed call is tried again.
  public var attempts: Int {
    switch self {
    case .sameNode(let attempts), .allNodes(let attempts): attempts
    }
  }

  /// `same_node` or `all_nodes`.
  public var mode: ByteText {
    switch self {
    case .sameNode: "same_node"
    case .allNodes: "all_nodes"
    }
  }

  public var description: String { "\(mode) \(attempts)" }
}

/// In which order converted arguments are passed.
public enum ArgumentOrder: Sendable, Hashable {
  /// By name, sorted; the only one when there is one.
  case inferred
  /// The arguments are passed one by one, in this order.
  case names([ByteText])
  /// All in one object.
  case map
}
