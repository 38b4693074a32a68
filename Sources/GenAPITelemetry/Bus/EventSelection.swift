/// A set of event names: what a handler wants to hear.
public struct EventSelection: Sendable, Equatable {
  /// Bit n stands for the event name with raw value n.
  let mask: UInt64

  /// Selects the events with these names.
  public init(_ names: some Sequence<EventName>) {
    mask = names.reduce(0) { $0 | 1 << UInt64($1.rawValue) }
  }

  /// The 31 events of the catalogue.
  public static let all = EventSelection(EventName.catalogue)
  /// The catalogue and the extensions: relay, channel and cluster events.
  public static let allAndExtensions = EventSelection(EventName.allCases)

  /// Selects all events of a category.
  public static func category(_ category: EventCategory) -> EventSelection {
    EventSelection(EventName.allCases.filter { $0.category == category })
  }

  /// Selects the events with these names.
  public static func names(_ names: EventName...) -> EventSelection { EventSelection(names) }

  /// Tells whether the event is selected.
  public func contains(_ name: EventName) -> Bool { mask & (1 << UInt64(name.rawValue)) != 0 }

  /// The selected events, in the catalogue's order.
  public var names: [EventName] { EventName.allCases.filter(contains) }
}
