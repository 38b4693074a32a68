import GenAPIValue

/// Lists of patterns, one list for each thing an event can be picked by. In a pattern `*` stands for any run of
/// characters. An empty list says nothing.
public struct FilterTermList: Sendable, Equatable {
  /// Patterns of services' names.
  public var services: [ByteText]
  /// Patterns of request types.
  public var requestTypes: [ByteText]
  /// Values of `EventCategory`: `executor`, `rate_limiter` …
  public var categories: [ByteText]
  /// Event names, full (`phoenix_gen_api.executor.retry`) or short (`executor.*`).
  public var names: [ByteText]
  /// Patterns of the gateways' names.
  public var nodes: [ByteText]
  /// Patterns of users' ids.
  public var users: [ByteText]

  public init(
    services: [ByteText] = [], requestTypes: [ByteText] = [], categories: [ByteText] = [],
    names: [ByteText] = [],
    nodes: [ByteText] = [], users: [ByteText] = []
  ) {
    self.services = services
    self.requestTypes = requestTypes
    self.categories = categories
    self.names = names
    self.nodes = nodes
    self.users = users
  }

  /// Whether no list has a pattern.
  public var isEmpty: Bool { lists.allSatisfy(\.patterns.isEmpty) }

  /// Patterns a list may hold, and bytes a pattern may have: what a stranger can make the gateway compare.
  public static let maximumPatterns = 256
  /// Bytes that a pattern may have.
  public static let maximumPatternBytes = 256

  /// The lists with the names they have in a frame.
  var lists: [(key: ByteText, patterns: [ByteText])] {
    [
      ("services", services), ("request_types", requestTypes), ("categories", categories), ("names", names),
      ("nodes", nodes), ("users", users),
    ]
  }
}
