import GenAPIValue

/// What happens to a request for a function, step by step, and what it depends on.
public struct CallFlow: Codable, Sendable, Equatable {
  /// A step of the pipeline, in the order they are taken.
  public enum Phase: String, Codable, Sendable, CaseIterable {
    case channel
    case decode
    case configLookup = "config_lookup"
    case hooksBefore = "hooks_before"
    case permission
    case rateLimit = "rate_limit"
    case argumentValidation = "argument_validation"
    /// Only for a function that runs on other nodes.
    case nodeSelection = "node_selection"
    case execution
    /// Only for a function with a retry.
    case retry
    case hooksAfter = "hooks_after"
    case response
  }

  public struct Step: Codable, Sendable, Equatable {
    public var phase: Phase
    /// What is done there, for a person to read.
    public var text: String
  }

  public var service: ByteText
  public var requestType: ByteText
  /// The version a request would get, nil for an unversioned function.
  public var version: ByteText?
  /// Why a request would not get that far; nil when there is an enabled function.
  public var error: ByteText?
  /// nil when there is no such function.
  public var config: Value?
  public var enabled: Bool
  /// True when it runs on this gateway.
  public var isLocal: Bool
  public var nodes: [ByteText]
  public var reachableNodes: [ByteText]
  public var unreachableNodes: [ByteText]
  /// Why the nodes could not be listed.
  public var nodesError: ByteText?
  public var globalLimits: [ByteText]
  public var functionLimits: [ByteText]
  public var steps: [Step]

  private enum CodingKeys: String, CodingKey {
    case service
    case requestType = "request_type"
    case version
    case error
    case config
    case enabled
    case isLocal = "local"
    case nodes
    case reachableNodes = "reachable_nodes"
    case unreachableNodes = "unreachable_nodes"
    case nodesError = "nodes_error"
    case globalLimits = "global_limits"
    case functionLimits = "function_limits"
    case steps
  }
}
