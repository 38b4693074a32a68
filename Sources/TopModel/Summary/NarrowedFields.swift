import GenAPIValue

/// Tells which fields of the document a filter's term narrows, since it means nothing to some: whole gateways have no version, and their
/// totals know no user.
enum NarrowedFields {
  private typealias Field = (name: ByteText, narrowedBy: Set<String>)

  /// Terms of gateways narrow each; `node` is one of service nodes.
  private static let all: [Field] = [
    ("nodes", []), ("events_seen", []), ("totals", ["service", "type", "version", "text"]),
    ("series", ["service", "type", "version", "text"]), ("config_mismatches", ["service", "text"]),
    ("top_users", ["service", "type", "version", "user", "text"]),
    ("rate_limits.limits", ["service", "type", "node", "user", "text"]),
    ("rate_limits.hot_keys", ["service", "type", "node", "user", "text"]), ("pools", ["node", "text"]),
    ("breakers", ["service", "node", "text"]),
    ("configs.functions", ["service", "type", "node", "version", "text"]),
    ("configs.services", ["service", "node", "text"]), ("configs.changes", ["service", "node", "text"]),
    ("configs.failed", ["service", "node", "text"]), ("relay", ["node", "user", "text"]), ("hooks", ["node"]),
    ("service_nodes", ["service", "node", "text"]), ("subscribers", ["node"]), ("certificates", ["node"]),
    ("lost", []), ("cut", []),
  ]

  static var names: [ByteText] { all.map(\.name) }

  /// By each kind of term that a filter has, the fields that stay what they are without it.
  ///
  /// - Parameter toServiceNodes: its terms of nodes mean service nodes, not gateways whole.
  static func untouched(by filter: FilterExpression, toServiceNodes: Bool) -> [ByteText: [ByteText]] {
    filter.keys.filter { $0 != "node" || toServiceNodes }.reduce(into: [:]) { found, key in
      found[ByteText(key)] = all.filter { !$0.narrowedBy.contains(key) }.map(\.name)
    }
  }
}
