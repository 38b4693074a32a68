extension EventName {
  /// The 31 events of the specification, in its order.
  public static let catalogue: [EventName] = allCases.filter { !$0.category.isExtension }

  /// What this gateway reports beyond the 31: relay, channel and cluster events.
  public static let extensions: [EventName] = allCases.filter { $0.category.isExtension }

  /// More names than this do not fit into the bits of what a bus wants, of which one says that it counts.
  @inlinable static var most: Int { 63 }
}
