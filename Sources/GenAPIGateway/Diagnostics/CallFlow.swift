import GenAPITelemetry
import GenAPIValue

/// What happens to a request for a function, step by step, and what it depends on.
public struct CallFlow: Codable, Sendable, Equatable {
  /// A step of the pipeline, in the order they are taken.
  public enum Phase: String, Codable, Sendable, CaseIterable {
    /// The client's message comes in.
    case channel
    /// The message is read as a request.
    case decode
    /// The function's config is found.
    case configLookup = "config_lookup"
    /// The hook before runs.
    case hooksBefore = "hooks_before"
    /// The permission is checked.
    case permission
    /// The rate limits are checked.
    case rateLimit = "rate_limit"
    /// The arguments are checked and converted.
    case argumentValidation = "argument_validation"
    /// Only for a function that runs on other nodes.
    case nodeSelection = "node_selection"
    /// The function runs.
    case execution
    /// Only for a function with a retry.
    case retry
    /// The hook after runs.
    case hooksAfter = "hooks_after"
    /// The client is answered.
    case response
  }

  /// A step, and what is done in it.
  public struct Step: Codable, Sendable, Equatable {
    /// Which step it is.
    public var phase: Phase
    /// What is done there, for a person to read.
    public var text: String
  }

  /// The service's name.
  public var service: ByteText
  /// The request type: the function's name within its service.
  public var requestType: ByteText
  /// The version a request would get, nil for an unversioned function.
  public var version: ByteText?
  /// Why a request would not get that far; nil when there is an enabled function.
  public var error: ByteText?
  /// nil when there is no such function.
  public var config: Value?
  /// False when the function is disabled.
  public var enabled: Bool
  /// True when it runs on this gateway.
  public var isLocal: Bool
  /// The nodes it may run on.
  public var nodes: [ByteText]
  /// Of the nodes, those that are connected.
  public var reachableNodes: [ByteText]
  /// Of the nodes, those that are down.
  public var unreachableNodes: [ByteText]
  /// Of the nodes, those that nothing is known of: no call went there yet.
  public var unknownNodes: [ByteText] = []
  /// Why the nodes could not be listed.
  public var nodesError: ByteText?
  /// The ids of the global limits that measure its requests.
  public var globalLimits: [ByteText]
  /// The ids of its own limits.
  public var functionLimits: [ByteText]
  /// The circuit breakers before it that are not closed, of the pool that runs it; none for a sync function, which runs in none.
  public var circuits: [BreakerState] = []
  /// Why every request is refused now; nil when breakers let requests through.
  public var refusal: ByteText?
  /// What is done with a request, in order.
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
    case unknownNodes = "unknown_nodes"
    case nodesError = "nodes_error"
    case globalLimits = "global_limits"
    case functionLimits = "function_limits"
    case circuits
    case refusal
    case steps
  }
}
