import GenAPITelemetry

extension GatewayState {
  /// What the entries of one gateway's lists may take in memory, in bytes: 70 MB all together, however many it sends and
  /// whatever it calls them.
  enum Budget {
    /// 32 000 functions with a few kinds of latency, or 6 000 with all.
    static let series = 32_000_000
    static let functions = 16_000_000
    static let other = 2_000_000
  }

  /// More than any entry takes whose texts were cut: 200 members, each with three names.
  private static let mostOfEntry = 200_000

  /// Leaves out the entries at the end of each list for which there is no memory.
  ///
  /// - Returns: how many.
  mutating func keepToBudget() -> Int64 {
    Self.keep(&series, within: Budget.series) + Self.keep(&functions, within: Budget.functions)
      + Self.keep(&limits, within: Budget.other) + Self.keep(&hotKeys, within: Budget.other)
      + Self.keep(&pools, within: Budget.other) + Self.keep(&breakers, within: Budget.other)
      + Self.keep(&services, within: Budget.other) + Self.keep(&configChanges, within: Budget.other)
      + Self.keep(&failedConfigs, within: Budget.other) + Self.keep(&relay, within: Budget.other)
      + Self.keep(&hooks, within: Budget.other) + Self.keep(&nodes, within: Budget.other)
      + Self.keep(&subscribers, within: Budget.other)
  }

  private static func keep<Entry: StateEntry>(_ list: inout [Entry], within budget: Int) -> Int64 {
    // Nearly always there are so few that they need not be looked at.
    guard list.count * mostOfEntry > budget else { return 0 }
    var bound = TextBound()
    for (index, var entry) in list.enumerated() {
      bound.entry(&entry)
      if bound.bytes > budget {
        let left = list.count - index
        list.removeSubrange(index...)
        return Int64(left)
      }
    }
    return 0
  }
}

extension Array where Element: StateEntry {
  /// About what it takes in memory.
  var storedBytes: Int {
    var bound = TextBound()
    for var entry in self { bound.entry(&entry) }
    return bound.bytes
  }

  /// Whether both are the same memory.
  func shares(_ other: [Element]) -> Bool {
    withUnsafeBufferPointer { mine in
      other.withUnsafeBufferPointer {
        mine.count == $0.count && (mine.isEmpty || mine.baseAddress == $0.baseAddress)
      }
    }
  }
}
