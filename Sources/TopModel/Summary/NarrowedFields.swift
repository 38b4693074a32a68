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

  /// Entries that stay since they are of what a term means, and count what others did as well: a limit its users, a node its services.
  private static let shared: [(list: ByteText, fields: [ByteText], by: Set<String>)] = [
    (
      "rate_limits.limits", ["checks", "rejections", "tracked_keys", "last_rejection_at"],
      ["service", "type", "user", "text"]
    ),
    // Of a global limit, and of one of which a word names another key.
    ("rate_limits.hot_keys", ["used", "rejections"], ["service", "type", "text"]),
    // Of a pool, which has one for all its services.
    ("breakers", ["consecutive_failures", "opened_count", "refused"], ["service"]),
    ("configs.services", ["functions"], ["node"]),
    ("relay", ["active", "pending", "muted", "members", "messages"], ["user"]),
    ("service_nodes", ["calls", "failures", "failovers", "latency"], ["service", "text"]),
  ]

  static var names: [ByteText] { all.map(\.name) }

  /// The fields of a list's entries that a term does not narrow, though it narrows the list.
  static func shared(in list: ByteText, by key: String) -> [ByteText] {
    shared.first { $0.list == list && $0.by.contains(key) }?.fields ?? []
  }

  /// By each kind of term that a filter has, the fields that stay what they are without it.
  ///
  /// - Parameter toServiceNodes: its terms of nodes mean service nodes, not gateways whole.
  static func untouched(by filter: FilterExpression, toServiceNodes: Bool) -> [ByteText: [ByteText]] {
    filter.keys.filter { $0 != "node" || toServiceNodes }.reduce(into: [:]) { found, key in
      found[ByteText(key)] = all.flatMap { field in
        field.narrowedBy.contains(key)
          ? shared(in: field.name, by: key).map { "\(field.name).state.\($0)" } : [field.name]
      }
    }
  }
}
