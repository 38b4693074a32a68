import GenAPIValue

extension ViewSettings {
  /// Names rise, numbers fall, and what is not known comes last, whichever way the others stand: so does what only gateways told that
  /// are not heard. Shares and requests under way that are equal are in the order of the rates, and all else in that of the names, so that
  /// rows do not jump.
  func precedes(_ a: RequestRow, _ b: RequestRow) -> Bool {
    switch requestSort {
    case .service: return isSortReversed ? b.isNamed(before: a) : a.isNamed(before: b)
    case .type:
      return isSortReversed ? b.isNamed(before: a, byType: true) : a.isNamed(before: b, byType: true)
    case .worst where a.isDown != b.isDown: return a.isDown != isSortReversed
    default: break
    }
    if a.isStale != b.isStale { return b.isStale }
    func falling<Number: Comparable>(_ x: Number?, _ y: Number?) -> Bool? {
      guard let x, let y else { return (x == nil) == (y == nil) ? nil : y == nil }
      return x == y ? nil : (x > y) != isSortReversed
    }
    func share(_ value: (RequestRow) -> Double?) -> Bool? {
      func known(_ row: RequestRow) -> Double? { row.isKept && row.hasEnded ? value(row) : nil }
      return falling(known(a), known(b)) ?? busier()
    }
    func busier() -> Bool? {
      a.requestsPerSecond == b.requestsPerSecond ? nil : a.requestsPerSecond > b.requestsPerSecond
    }
    let precedes: Bool? =
      switch requestSort {
      case .worst: falling(a.urgency, b.urgency) ?? falling(a.requestsPerSecond, b.requestsPerSecond)
      case .rate: falling(a.knownRate, b.knownRate)
      case .errors: share { $0.errorPercent }
      case .rejected: share { $0.rejectedPercent }
      case .failovers: share { $0.failoverPercent }
      case .inFlight: falling(a.knownInFlight, b.knownInFlight) ?? busier()
      case .p50: falling(a.p50, b.p50)
      case .p95: falling(a.p95, b.p95)
      case .p99: falling(a.p99, b.p99)
      case .max: falling(a.max, b.max)
      case .service, .type: nil
      }
    return precedes ?? a.isNamed(before: b)
  }
}

extension RequestRow {
  fileprivate var knownRate: Double? { isKept ? requestsPerSecond : nil }

  /// Below zero where nobody counts it.
  fileprivate var knownInFlight: Int64? { isKept && inFlight >= 0 ? inFlight : nil }

  fileprivate func isNamed(before other: RequestRow, byType: Bool = false) -> Bool {
    name.precedes(other.name, byType: byType)
  }
}
