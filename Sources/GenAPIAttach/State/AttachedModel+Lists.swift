import ErlangTerms
import GenAPITelemetry
import OutsideText

/// The sections that are read from the library's own tables and processes.
extension AttachedModel {
  /// The parts of each entry of a section that has so many.
  func entries(_ section: ByteText, _ count: Int) -> [[Term]] {
    (sections[section] ?? []).compactMap { item in
      item.tupleElements.flatMap { $0.count == count ? $0 : nil }
    }
  }

  // MARK: Limits

  func limits() -> [LimitState] {
    let rejections = rejectionsOfLimits()
    return attachedLimits.map {
      var limit = $0.state
      limit.rejections = rejections[limit.id] ?? 0
      return limit
    }
  }

  /// `{limit, Scope, Max, Window, user | other}`, as a refused check names its limit.
  private func rejectionsOfLimits() -> [ByteText: Int64] {
    var result: [ByteText: Int64] = [:]
    for (key, row) in rows {
      guard let parts = key.tupleElements, parts.count == 5, parts[0] == .atom("limit") else { continue }
      let refusal = LimitRefusal(
        scope: AttachedLimit.scope(parts[1]), most: parts[2].count, window: parts[3].count,
        isUser: parts[4] == .atom("user"))
      guard let limit = refusal.limit(of: attachedLimits) else { continue }
      result[limit.id, default: 0] = (result[limit.id] ?? 0).saturatingAdd(row.requests)
    }
    return result
  }

  /// `{Permille, Limit, Value, Used, Max, ResetMs}`
  func hotKeys() -> [HotKeyState] {
    entries("hot_keys", 6).compactMap { parts in
      guard let limit = AttachedLimit(parts[1].tupleElements ?? []), let value = parts[2].name else {
        return nil
      }
      return HotKeyState(
        limit: limit.state.id, keyValue: value, used: Int(clamping: parts[3].count),
        max: Int(clamping: parts[4].count),
        resetMs: parts[5].count)
    }
  }

  // MARK: Pools

  /// `{Name, Size, QueueLimit, Idle, Busy, Queued}`. What the library counts as executed and failed is wrong: the tasks' own
  /// events are counted.
  func pools() -> [PoolState] {
    let open = breakers()
    return entries("pools", 6).compactMap { parts in
      guard let name = parts[0].name else { return nil }
      let row = rows[.tuple([.atom("pool"), parts[0]])]
      return PoolState(
        name: name, workers: Int(clamping: parts[1].count), busy: Int(clamping: parts[4].count),
        queued: Int(clamping: parts[5].count), queueLimit: Int(clamping: parts[2].count),
        threshold: Int(clamping: scalars[atom: "threshold"]?.count ?? 0),
        openWorkers: open.count { $0.pool == name && $0.state == .open },
        halfOpenWorkers: open.count { $0.pool == name && $0.state == .halfOpen },
        executed: executed(row, busy: parts[4].count),
        failed: row?.outcome(.exception) ?? 0, rejected: row?.outcome(.unavailable) ?? 0)
    }
  }

  /// Tasks that ended. The library tells the ends of some only, before 2.22 not of those that its pool had followed at once by another, since
  /// then not of one that came just after another had failed; and the begin of every one.
  private func executed(_ row: Row?, busy: Int64) -> Int64 {
    guard let row else { return 0 }
    let ended = row.outcome(.ok).saturatingAdd(row.outcome(.exception))
    return max(ended, row.requests.saturatingSubtract(busy))
  }

  /// `{Pool, Worker, First, Last, Count, Failures, Cooldown}`: workers whose breaker opened and did not close. After its
  /// cooldown one lets the next task through, which nothing tells.
  func breakers() -> [BreakerState] {
    entries("breakers", 7).compactMap { parts in
      guard let pool = parts[0].name else { return nil }
      let (first, last, cooldown) = (parts[2].count, parts[3].count, parts[6].count)
      let probe = last.saturatingAdd(cooldown.saturatingMultiply(1_000))
      let isOpen = at < probe
      return BreakerState(
        pool: pool, worker: Int(clamping: parts[1].count), state: isOpen ? .open : .halfOpen,
        since: isOpen ? last : probe, openedAt: first, consecutiveFailures: Int(clamping: parts[5].count),
        cooldownMs: cooldown, probeAt: isOpen ? probe : nil, openedCount: parts[4].count)
    }
  }

  // MARK: Configs

  func services() -> [ServiceState] {
    let sources = sources
    var counts: [ByteText: (all: Int, disabled: Int)] = [:]
    for service in sources.keys { counts[service] = (0, 0) }
    for function in functions {
      counts[function.service, default: (0, 0)].all += 1
      if !function.enabled { counts[function.service, default: (0, 0)].disabled += 1 }
    }
    let pulls = pullTimes()
    return counts.sorted { $0.key < $1.key }.map { service, count in
      let pull = pulls[service]
      return ServiceState(
        service: service, source: sources[service]?.source ?? "local",
        configVersion: sources[service]?.version,
        functions: count.all, disabled: count.disabled, lastSuccessAt: pull?.success, lastPullAt: pull?.pull)
    }
  }

  /// `{Kind, Service, At, Count, Us, Version}` of the last pull and push since the agent came. A pull that failed has no version,
  /// as an empty one.
  private func pullTimes() -> [ByteText: (pull: Int64?, success: Int64?)] {
    var result: [ByteText: (pull: Int64?, success: Int64?)] = [:]
    for parts in entries("pulls", 6) {
      guard let service = parts[1].name else { continue }
      var times = result[service] ?? (nil, nil)
      let at = parts[2].count
      let isPull = parts[0] == .atom("pull")
      if isPull { times.pull = at }
      if !isPull || !parts[5].isNil { times.success = max(times.success ?? 0, at) }
      result[service] = times
    }
    return result
  }

  /// `{Id, At, Event, Service, Type, Version}`, newest first. The library does not tell an update from an addition.
  func changes() -> [ConfigChangeState] {
    entries("changes", 6).reversed().compactMap { parts in
      let kinds: [Int64: ByteText] = [25: "added", 27: "removed", 29: "disabled", 30: "enabled"]
      guard let kind = kinds[parts[2].count], let service = parts[3].name else { return nil }
      return ConfigChangeState(
        id: parts[0].count, at: parts[1].count, kind: kind, service: service, requestType: parts[4].name,
        version: parts[5].name)
    }
  }

  /// `{At, Id, {Service, Type, Version, Source, Node, Reasons}}`
  func failed() -> [FailedConfigState] {
    entries("failed", 3).compactMap { parts in
      guard let config = parts[2].tupleElements, config.count == 6 else { return nil }
      return FailedConfigState(
        id: parts[1].count, at: parts[0].count.saturatingMultiply(1_000), service: config[0].name ?? "",
        requestType: config[1].name, version: config[2].name, source: config[3].name ?? "local",
        node: config[4].name,
        reasons: (config[5].listElements ?? []).compactMap(\.name))
    }
  }

  // MARK: Relay and nodes

  /// `{Id, Type, Active, Pending, Muted, [{User, Status, IsAdmin, Seconds}]}`
  func groups() -> [GroupState] {
    entries("relay", 6).compactMap { parts in
      guard let id = parts[0].name, let type = parts[1].name else { return nil }
      let members = (parts[5].listElements ?? []).compactMap { member -> MemberState? in
        guard let fields = member.tupleElements, fields.count == 4, let user = fields[0].name else {
          return nil
        }
        return MemberState(
          userID: user, status: fields[1].name ?? "active",
          role: fields[2] == .atom("true") ? "admin" : "member",
          since: fields[3].count.saturatingMultiply(1_000_000))
      }
      return GroupState(
        groupID: id, groupType: type, active: Int(clamping: parts[2].count),
        pending: Int(clamping: parts[3].count),
        muted: Int(clamping: parts[4].count), members: members)
    }
  }

  /// Nodes that functions name. One that is not connected is not down for that: the library connects when it calls.
  func nodes() -> [ServiceNodeState] {
    var services: [ByteText: Set<ByteText>] = [:]
    for function in functions {
      for node in function.nodes where node != "local" && node.utf8.contains(UInt8(ascii: "@")) {
        services[node, default: []].insert(function.service)
      }
    }
    return services.sorted { $0.key < $1.key }.map { node, services in
      let seen = nodesSeen[node]
      return ServiceNodeState(
        node: node, up: seen?.isUp ?? false, since: seen?.since ?? 0, services: services.sorted())
    }
  }
}
