import GenAPITelemetry
import GenAPIValue

extension TargetHistory {
  /// False where it had no breaker at a second or after it, as far as that is told by one of the `seconds` before.
  @inline(__always)
  func hasBreakers(from second: Int64, within seconds: Int64) -> Bool {
    lastWithBreakers.saturatingAdd(seconds) >= second
  }

  /// Breakers that a gateway leaves out since they closed, as it told of them last: why and how often they opened, and
  /// when it told of them no more.
  ///
  /// - Parameters:
  ///   - keys: their `BreakerState.entryKey`.
  ///   - second: the second from which it is looked back.
  func closedBreakers(_ keys: Set<ByteText>, before second: Int64) -> [ByteText: BreakerState] {
    var found: [ByteText: BreakerState] = [:]
    var index = slow.partition { $0.second > second } - 2
    while index >= 0, found.count < keys.count {
      for var breaker in slow[index].state.breakers {
        let key = breaker.entryKey
        guard keys.contains(key), found[key] == nil else { continue }
        breaker.state = .closed
        breaker.since = slow[index + 1].second * 1_000_000
        breaker.openedAt = nil
        breaker.probeAt = nil
        breaker.consecutiveFailures = 0
        found[key] = breaker
      }
      index -= 1
    }
    return found
  }
}
