import GenAPIValue

/// Which events a subscriber gets.
///
/// An event passes when, for every list of `include` that is not empty, one of its patterns matches, and no
/// pattern of `exclude` matches. An event that has no service (user, request type) matches no service pattern,
/// not even `*`. Services also narrow the state.
public struct EventFilter: Sendable, Equatable {
  /// What must match.
  public var include: FilterTermList
  /// What must not match.
  public var exclude: FilterTermList

  public init(include: FilterTermList = FilterTermList(), exclude: FilterTermList = FilterTermList()) {
    self.include = include
    self.exclude = exclude
  }

  /// Makes a filter of patterns that must match, and of what must not.
  public init(
    services: [ByteText] = [], requestTypes: [ByteText] = [], categories: [ByteText] = [],
    names: [ByteText] = [],
    nodes: [ByteText] = [], users: [ByteText] = [], exclude: FilterTermList = FilterTermList()
  ) {
    include = FilterTermList(
      services: services, requestTypes: requestTypes, categories: categories, names: names, nodes: nodes,
      users: users)
    self.exclude = exclude
  }

  /// True when every event passes and the state is whole.
  public var isEmpty: Bool { include.isEmpty && exclude.isEmpty }
}
