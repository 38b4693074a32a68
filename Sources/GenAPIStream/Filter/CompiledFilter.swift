import GenAPITelemetry
import GenAPIValue

/// A filter made ready for one node: patterns split up, names and categories turned into a bit mask.
///
/// A reference, since whoever asks it about every event would otherwise copy a dozen lists each time.
public final class CompiledFilter: Sendable {
  /// The filter it was made from.
  public let filter: EventFilter
  private let names: NameFilter
  private let services: PatternPair
  private let requestTypes: PatternPair
  private let users: PatternPair
  private let nodes: PatternPair
  /// True when it says nothing of users, services and request types.
  private let isOpen: Bool

  /// Makes a filter ready to be asked about many events.
  public init(_ filter: EventFilter) {
    self.filter = filter
    names = NameFilter(filter)
    services = PatternPair(filter.include.services, filter.exclude.services)
    requestTypes = PatternPair(filter.include.requestTypes, filter.exclude.requestTypes)
    users = PatternPair(filter.include.users, filter.exclude.users)
    nodes = PatternPair(filter.include.nodes, filter.exclude.nodes)
    isOpen = users.isEmpty && services.isEmpty && requestTypes.isEmpty
  }

  /// Whether an event of the named node passes.
  public func matches(_ emitted: EmittedEvent, node: ByteText) -> Bool {
    guard names.allows(emitted.name), nodes.allows(node) else { return false }
    return isOpen || matchesFields(emitted.event)
  }

  private func matchesFields(_ event: TelemetryEvent) -> Bool {
    guard users.allows(event.userID) else { return false }
    if case .everything = event.subject { return true }
    return services.allows(event.service) && requestTypes.allows(event.requestType)
  }

  /// Whether a received event passes; an event without a node passes every term about nodes but `include`.
  public func matches(_ record: EventRecord) -> Bool {
    guard names.allows(record), nodes.allows(record.node), users.allows(record.userID) else { return false }
    if record.concernsEverything { return true }
    return services.allows(record.service) && requestTypes.allows(record.requestType)
  }

  /// Whether the state of a service is wanted.
  public func wantsService(_ service: ByteText) -> Bool { services.allows(service) }

  /// Lets everything pass.
  static let all = CompiledFilter(EventFilter())

  /// True when the filter says nothing of services, so the state stays whole.
  public var wantsAllServices: Bool { services.isEmpty }
}

/// What must match and what must not, for one field.
struct PatternPair: Sendable {
  private let include: [GlobPattern]
  private let exclude: [GlobPattern]

  init(_ include: [ByteText], _ exclude: [ByteText]) {
    self.include = include.map(GlobPattern.init)
    self.exclude = exclude.map(GlobPattern.init)
  }

  var isEmpty: Bool { include.isEmpty && exclude.isEmpty }

  func allows(_ value: @autoclosure () -> ByteText?) -> Bool {
    if isEmpty { return true }
    guard let value = value() else { return include.isEmpty }
    if exclude.contains(where: { $0.matches(value) }) { return false }
    return include.isEmpty || include.contains { $0.matches(value) }
  }
}
