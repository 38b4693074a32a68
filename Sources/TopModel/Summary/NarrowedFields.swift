import GenAPIValue

/// Tells which fields of the document a filter's term narrows, since it means nothing to some: whole gateways have no version, and their
/// totals know no user.
enum NarrowedFields {
  private typealias Field = (name: ByteText, narrowedBy: Set<String>)

  /// Terms of nodes narrow each.
  private static let all: [Field] = [
    ("nodes", []), ("events_seen", []), ("totals", ["service", "type", "version", "text"]),
    ("series", ["service", "type", "version", "text"]), ("config_mismatches", ["service", "text"]),
    ("top_users", ["service", "type", "version", "user", "text"]),
    ("rate_limits.limits", ["service", "type", "user", "text"]),
    ("rate_limits.hot_keys", ["service", "type", "user", "text"]), ("pools", ["text"]),
    ("breakers", ["service", "text"]), ("configs.functions", ["service", "type", "version", "text"]),
    ("configs.services", ["service", "text"]), ("configs.changes", ["service", "text"]),
    ("configs.failed", ["service", "text"]), ("relay", ["user", "text"]), ("hooks", []),
    ("service_nodes", ["service", "text"]), ("subscribers", []), ("certificates", []), ("lost", []),
    ("cut", []),
  ]

  static var names: [ByteText] { all.map(\.name) }

  /// By each kind of term that a filter has, the fields that stay what they are without it.
  static func untouched(by filter: FilterExpression) -> [ByteText: [ByteText]] {
    filter.keys.filter { $0 != "node" }.reduce(into: [:]) { found, key in
      found[ByteText(key)] = all.filter { !$0.narrowedBy.contains(key) }.map(\.name)
    }
  }
}
