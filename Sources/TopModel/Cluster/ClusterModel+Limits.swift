import GenAPITelemetry
import GenAPIValue

extension ClusterModel {
  /// One row a limit over all gateways; those that refuse now first, then the fullest.
  package func limits(_ settings: ViewSettings) -> [LimitRow] {
    limits(settings) { $0.history.refusing($1, endingAt: $2) }
  }

  /// - Parameter refusing: since when limits of a gateway refuse, at a second.
  func limits(
    _ settings: ViewSettings,
    refusing since: (TargetModel, Set<Int32>, _ second: Int64) -> [Int32: LimitRow.Refusing]
  ) -> [LimitRow] {
    var rows: [ByteText: LimitRow] = [:]
    for (target, slow) in shown(settings) {
      let end = second(settings, target)
      let length = settings.window.seconds
      let watched = target.history.watchedSeconds(endingAt: end, length: length)
      var counts: [Int32: (checks: Double, rejections: Double)] = [:]
      for sample in target.history.window(endingAt: end, length: length) {
        for count in sample.limits {
          counts[count.key, default: (0, 0)].checks += Double(count.first)
          counts[count.key, default: (0, 0)].rejections += Double(count.second)
        }
      }
      let stale = isStale(target, settings)
      let rejecting = Set(counts.lazy.filter { $0.value.rejections > 0 }.map(\.key))
      let refusing = rejecting.isEmpty ? [:] : since(target, rejecting, end)
      for limit in slow.limits {
        let keys = slow.hotKeys.filter { $0.limit == limit.id }
        guard settings.filter.matches(limit: limit, keys: keys, node: target.name) else { continue }
        var row =
          rows[limit.id]
          ?? LimitRow(
            id: limit.id, scope: limit.scope, key: limit.key, maxRequests: limit.maxRequests,
            windowMs: limit.windowMs, checksPerSecond: nil, rejectionsPerSecond: nil, rejections: nil,
            trackedKeys: nil, isStale: true)
        let number = target.history.limits.find(limit.identity)
        let count = number.flatMap { counts[$0] } ?? (0, 0)
        if let own = number.flatMap({ refusing[$0] }) {
          if row.refusing == nil { row.refusing = own } else { row.refusing?.add(own) }
        }
        // What a gateway does not tell is no 0 beside the numbers of the others.
        let unknown = target.state.unknown
        if !unknown.contains(.limitChecks) {
          row.checksPerSecond = (row.checksPerSecond ?? 0) + count.checks / watched
        }
        if !unknown.contains(.limitRejections) {
          row.rejectionsPerSecond = (row.rejectionsPerSecond ?? 0) + count.rejections / watched
          row.rejections = Bounds.count((row.rejections ?? 0) + limit.rejections)
        }
        if !unknown.contains(.limitKeys) { row.trackedKeys = (row.trackedKeys ?? 0) + limit.trackedKeys }
        row.lastRejectionAt = [row.lastRejectionAt, limit.lastRejectionAt].compactMap { $0 }.max()
        row.keys += keys.filter { settings.filter.matches(key: $0) }.map {
          LimitRow.Key(
            value: $0.keyValue, node: target.name, used: $0.used, max: $0.max, resetMs: $0.resetMs,
            rejections: unknown.contains(.keyRejections) ? nil : $0.rejections)
        }
        row.isStale = row.isStale && stale
        row.gateways.append(target.name)
        rows[limit.id] = row
      }
    }
    let alike = Dictionary(grouping: rows.values) { [$0.scope, $0.key] }
    return rows.values.map { row in
      var row = row
      row.differs = alike[[row.scope, row.key]]?.contains { $0.gateways != row.gateways } ?? false
      row.keys.sort { $0.precedes($1) }
      return row
    }.sorted { $0.precedes($1) }
  }
}

extension LimitRow {
  /// Of its fullest key.
  private var fullness: Double { keys.lazy.map(\.fullness).max() ?? 0 }

  fileprivate func precedes(_ other: LimitRow) -> Bool {
    if isStale != other.isStale { return other.isStale }
    let (refused, othersRefused) = (rejectionsPerSecond ?? 0, other.rejectionsPerSecond ?? 0)
    if refused != othersRefused { return refused > othersRefused }
    let (mine, others) = (fullness, other.fullness)
    return mine == others ? id.precedesNaturally(other.id) : mine > others
  }
}

extension LimitRow.Key {
  fileprivate var fullness: Double { max == 0 ? 0 : Double(used) / Double(max) }

  fileprivate func precedes(_ other: LimitRow.Key) -> Bool {
    if rejections != other.rejections { return (rejections ?? 0) > (other.rejections ?? 0) }
    let (mine, others) = (fullness, other.fullness)
    if mine != others { return mine > others }
    return value == other.value ? node.precedesNaturally(other.node) : value.precedesNaturally(other.value)
  }
}
