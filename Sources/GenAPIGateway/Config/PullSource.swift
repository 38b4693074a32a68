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
  /// From the start to the first pull: 0 … 24 h, default 1 s.
  public var firstAfter = Duration.seconds(1)
  /// Between two pulls of a service: 100 ms … 24 h, default 30 s.
  public var interval = Duration.seconds(30)
  /// How long one call may take: 1 ms … 10 min, default 5 s.
  public var timeout = Duration.seconds(5)
  /// How long a failing service is left alone at most: the wait doubles up to this. 1 ms … 24 h, default 5 min.
  public var maxBackoff = Duration.seconds(300)

  public init() {}
}
