import GenAPIValue

extension ViewSettings {
  /// Names rise, numbers fall; equal ones are in the order of their names, so that rows do not jump.
  func precedes(_ a: RequestRow, _ b: RequestRow) -> Bool {
    func falling<Number: Comparable>(_ x: Number, _ y: Number) -> Bool {
      x == y ? a.isNamed(before: b) : (x > y) != isSortReversed
    }
    switch requestSort {
    case .service: return isSortReversed ? b.isNamed(before: a) : a.isNamed(before: b)
    case .type:
      return isSortReversed ? b.isNamed(before: a, byType: true) : a.isNamed(before: b, byType: true)
    case .worst:
      if a.trouble != b.trouble { return (a.trouble > b.trouble) != isSortReversed }
      return falling(a.requestsPerSecond, b.requestsPerSecond)
    case .rate: return falling(a.requestsPerSecond, b.requestsPerSecond)
    case .errors: return falling(a.errorPercent, b.errorPercent)
    case .rejected: return falling(a.rejectedPercent, b.rejectedPercent)
    case .inFlight: return falling(a.inFlight, b.inFlight)
    case .p50: return falling(a.p50 ?? -1, b.p50 ?? -1)
    case .p95: return falling(a.p95 ?? -1, b.p95 ?? -1)
    case .p99: return falling(a.p99 ?? -1, b.p99 ?? -1)
    case .max: return falling(a.max ?? -1, b.max ?? -1)
    }
  }
}

extension RequestRow {
  fileprivate func isNamed(before other: RequestRow, byType: Bool = false) -> Bool {
    name.precedes(other.name, byType: byType)
  }
}
