import GenAPITelemetry
import GenAPIValue

/// What configs name and nothing is registered for, and what it was looked for in.
struct UnresolvedNames: Sendable {
  let functions: [FunctionState]
  /// Of the registry.
  let revision: Int
  let reachesNodes: Bool
  /// By service.
  var names: [ByteText: [ByteText]] = [:]

  /// Whether the same is found in both.
  func isOf(_ other: Self) -> Bool {
    revision == other.revision && reachesNodes == other.reachesNodes && functions.shares(other.functions)
  }
}
