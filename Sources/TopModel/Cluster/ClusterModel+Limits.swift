import GenAPITelemetry
import GenAPIValue

extension ClusterModel {
  /// One row a limit over all gateways; those that refuse now first, then those that did within the window, then the fullest.
  package func limits(_ settings: ViewSettings) -> [LimitRow] {
    limits(settings) { $0.history.refusing($1, endingAt: $2) }
  }

  /// The same, made once for the pane and the rules that ask for it, and again only when something may be other.
  ///
  /// - Parameter refusing: since when limits of a gateway refuse, at a second.
  func keptLimits(
    _ settings: ViewSettings,
    refusing since: (TargetModel, Set<Int32>, _ second: Int64) -> [Int32: LimitRow.Refusing] = {
      $0.history.refusing($1, endingAt: $2)
    }
  ) -> [LimitRow] {
    // However the other panes are.
    var key = ViewSettings()
    (key.filter, key.window, key.moment) = (settings.filter, settings.window, settings.moment)
    return limitsMade.made(self, key, facts: { LimitFacts.of(self, settings) }) {
      limits(settings, refusing: since)
    }
  }

  /// - Parameter refusing: since when limits of a gateway refuse, at a second.
  func limits(
    _ settings: ViewSettings,
    refusing since: (TargetModel, Set<Int32>, _ second: Int64) -> [Int32: LimitRow.Refusing]
  ) -> [LimitRow] {
    var rows: [ByteText: LimitRow] = [:]
    var live: [LimitComparison.Side] = []
    var silent: [LimitComparison.Side] = []
    // The last numbers of a gateway that is not heard stand for a limit only where no other tells of it: in a sum with live
    // ones they would be a rate that nobody has.
    for (target, slow) in liveFirst(shown(settings), settings, { $0.target }) {
      let stale = isStale(target, settings)
      let end = second(settings, target)
      let length = settings.window.seconds
      let watched = target.history.watchedSeconds(endingAt: end, length: length)
      var counts: [Int32: (checks: Double, rejections: Double)] = [:]
      let window = target.history.window(endingAt: end, length: length)
      let samples = window.base
      for place in window.startIndex..<window.endIndex where !samples[place].limits.isEmpty {
        for count in samples[place].limits {
          counts[count.key, default: (0, 0)].checks += Double(count.first)
          counts[count.key, default: (0, 0)].rejections += Double(count.second)
        }
      }
      if stale {
        silent.append(.init(target.name, slow))
      } else {
        live.append(.init(target.name, slow))
      }
      let before =
        slow.hotKeys.isEmpty ? [:] : target.history.rejectionsBefore(end - Int64(length), of: slow.hotKeys)
      let rejecting = Set(counts.lazy.filter { $0.value.rejections > 0 }.map(\.key))
      let refusing = rejecting.isEmpty ? [:] : since(target, rejecting, end)
      let hotKeys = Dictionary(grouping: slow.hotKeys, by: \.limit)
      for limit in slow.limits {
        if stale, let row = rows[limit.id], !row.isStale { continue }
        let keys = hotKeys[limit.id] ?? []
        guard settings.filter.matches(limit: limit, keys: keys, node: target.name) else { continue }
        // Taken out, so that its lists grow where they are.
        var row =
          rows.removeValue(forKey: limit.id)
          ?? LimitRow(
            id: limit.id, scope: limit.scope, key: limit.key, maxRequests: limit.maxRequests,
            windowMs: limit.windowMs, checksPerSecond: nil, rejectionsPerSecond: nil, rejections: nil,
            trackedKeys: nil, isStale: true)
        let number = counts.isEmpty ? nil : target.history.limits.find(limit.identity)
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
        var untold = Int64(count.rejections)
        for key in keys {
          let refused = Self.refused(
            key, since: before, atMost: unknown.contains(.limitRejections) ? .max : Int64(count.rejections))
          untold -= min(refused, untold)
          guard settings.filter.matches(key: key) else { continue }
          row.keys.append(
            LimitRow.Key(
              value: key.keyValue, node: target.name, used: key.used, max: key.max, resetMs: key.resetMs,
              rejections: unknown.contains(.keyRejections) ? nil : key.rejections, refused: refused))
        }
        if untold > 0, !unknown.contains(.keyRejections) {
          for key in target.history.leftKeys(
            of: limit, within: length, before: end, beside: keys, most: untold)
          {
            untold -= min(key.refused, untold)
            guard settings.filter.matches(key: key.state) else { continue }
            row.keys.append(
              LimitRow.Key(
                value: key.state.keyValue, node: target.name, used: 0, max: key.state.max, resetMs: 0,
                rejections: key.state.rejections, refused: key.refused, isTold: false))
          }
        }
        row.untoldRefusals =
          unknown.contains(.keyRejections) ? nil : row.untoldRefusals.map { Bounds.count($0 + untold) }
        row.isStale = row.isStale && stale
        row.gateways.append(target.name)
        rows[limit.id] = row
      }
    }
    let differences = LimitComparison.differences(live.isEmpty ? silent : live)
    let moment = moment(settings)
    return rows.values.map { row in
      var row = row
      row.differences = differences[[row.scope, row.key]] ?? []
      row.keys.sort { $0.precedes($1) }
      return row
    }.sorted { $0.precedes($1, at: moment) }
  }
}

extension ClusterModel {
  /// How much of a key's refusals fell behind a moment, of which it is known how many there had been.
  ///
  /// - Parameter most: how often its limit refused since, which is known exactly: of a key that was not told of before, all that it was
  ///   ever refused would be told as that of now.
  private static func refused(_ key: HotKeyState, since before: [ByteText: Int64], atMost most: Int64)
    -> Int64
  {
    let old = before[key.entryKey] ?? 0
    // One that was forgotten and came again counts from 0.
    return min(most, key.rejections < old ? key.rejections : key.rejections - old)
  }
}

extension TargetHistory {
  /// How often the keys of limits that were told had been refused by a second; of the oldest second that is kept, where the
  /// history does not go back as far. A key that was not told then, as others were closer to their limits, had been refused as often as
  /// when it was told last, up to a minute before.
  ///
  /// - Parameter keys: those that are asked for.
  func rejectionsBefore(_ second: Int64, of keys: [HotKeyState]) -> [ByteText: Int64] {
    var index = max(0, slow.partition { $0.second > second } - 1)
    guard index < slow.count else { return [:] }
    var before: [ByteText: Int64] = [:]
    var missing = Set(keys.map(\.entryKey))
    while true {
      for key in slow[index].state.hotKeys {
        let name = key.entryKey
        if missing.contains(name) { before[name] = max(before[name] ?? 0, key.rejections) }
      }
      missing.subtract(before.keys)
      guard !missing.isEmpty, index > 0, slow[index - 1].second > second - Self.longestUntold else {
        return before
      }
      index -= 1
    }
  }

  /// For so many seconds it is looked back for a key that was not told of.
  private static let longestUntold: Int64 = 60
}

extension LimitRow {
  /// Of its fullest key.
  private var fullness: Double { keys.lazy.map(\.fullness).max() ?? 0 }

  fileprivate func precedes(_ other: LimitRow, at moment: Int64) -> Bool {
    if isStale != other.isStale { return other.isStale }
    // However much more one refused that has ended.
    let refuses = isRefusing(at: moment)
    if refuses != other.isRefusing(at: moment) { return refuses }
    let (refused, othersRefused) = (rejectionsPerSecond ?? 0, other.rejectionsPerSecond ?? 0)
    if refused != othersRefused { return refused > othersRefused }
    let (mine, others) = (fullness, other.fullness)
    return mine == others ? id.precedesNaturally(other.id) : mine > others
  }
}

extension LimitRow.Key {
  /// By what was refused within the window, since whoever was refused yesterday is not who is refused now, then by what was before, and
  /// then by how much is used.
  fileprivate func precedes(_ other: Self) -> Bool {
    if refused != other.refused { return refused > other.refused }
    if rejections != other.rejections { return (rejections ?? 0) > (other.rejections ?? 0) }
    if fullness != other.fullness { return fullness > other.fullness }
    return value == other.value ? node.precedesNaturally(other.node) : value.precedesNaturally(other.value)
  }

  fileprivate var fullness: Double { max == 0 ? 0 : Double(used) / Double(max) }
}
