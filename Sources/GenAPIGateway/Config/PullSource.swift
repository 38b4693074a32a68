import GenAPIValue

/// A service whose functions the gateway fetches itself.
public struct PullSource: Sendable, Hashable {
  /// The service whose configs are pulled.
  public var service: ByteText
  /// Asked in this order until one answers.
  public var nodes: NodeSource
  /// Answers the list of the service's functions.
  public var function: FunctionReference
  /// Answers the service's config version; when it is the one already here, nothing is fetched.
  public var versionFunction: FunctionReference?

  /// Makes a source: the nodes that are asked, and the functions that list the configs and tell their
  /// version.
  public init(
    service: ByteText, nodes: NodeSource, function: FunctionReference,
    versionFunction: FunctionReference? = nil
  ) {
    self.service = service
    self.nodes = nodes
    self.function = function
    self.versionFunction = versionFunction
  }
}

/// How often configs are pulled.
public struct PullConfiguration: Sendable, Equatable {
  /// What is pulled.
  public var services: [PullSource] = []
  /// Milliseconds from the start to the first pull.
  public var firstAfterMs: Int64 = 1_000
  /// Milliseconds between two pulls of a service.
  public var intervalMs: Int64 = 30_000
  /// Milliseconds one call may take.
  public var timeoutMs: Int64 = 5_000
  /// Milliseconds a failing service is left alone at most: the wait doubles up to this.
  public var maxBackoffMs: Int64 = 300_000

  public init() {}
}
