import GenAPITelemetry
import GenAPIValue

extension ClusterModel {
  /// Relay groups of all gateways: those in which somebody gets nothing first, then the largest.
  package func relay(_ settings: ViewSettings) -> [RelayRow] {
    var rows: [RelayRow] = []
    for target in gateways where settings.filter.matchesNode(target.name) {
      let end = second(settings, target)
      // The newest counts of messages are in the state itself.
      let groups = settings.moment == .live ? target.state.relay : target.history.relay.groups(at: end)
      if groups.isEmpty { continue }
      let length = settings.window.seconds
      let watched = target.history.watchedSeconds(endingAt: end, length: length)
      var messages: [Int32: Double] = [:]
      for sample in target.history.window(endingAt: end, length: length) {
        for count in sample.messages { messages[count.key, default: 0] += Double(count.first) }
      }
      let stale = isStale(target, settings)
      for group in groups where settings.filter.matches(group: group, node: target.name) {
        let count = target.history.groups.find(group.groupID).flatMap { messages[$0] } ?? 0
        let unknown = target.state.unknown
        rows.append(
          RelayRow(
            node: target.name, group: group,
            messagesPerSecond: unknown.contains(.groupMessages) || watched < TargetHistory.leastWatched
              ? nil : count / watched, isStale: stale,
            unknown: unknown))
      }
    }
    return rows.sorted { $0.precedes($1) }
  }

  /// The newest events that pass the filter, oldest first: all that are kept are looked through.
  package func events(_ settings: ViewSettings, limit: Int) -> FoundEvents {
    found(query(settings), limit: limit)
  }

  /// Every event of one request that is still kept, in the order it happened.
  package func requestTrace(requestID: ByteText) -> FoundEvents {
    found(.request(requestID), limit: Self.mostOfRequest).inOrder()
  }

  static let mostOfRequest = 1_000

  /// How many events are kept to be looked at.
  package static let mostKeptEvents = EventHistory.capacity + EventHistory.troubleCapacity

  /// From when on every event is kept that came, microseconds since the Unix epoch; nil while none had to give way.
  package var eventsCompleteSince: Int64? { events.completeSince }

  /// Gateways send from now on events that they did not send before, as another filter was asked for.
  package mutating func noteOtherEvents(at now: Int64) { events.sentSince = now }

  func query(_ settings: ViewSettings) -> EventSearch.Query {
    .filter(settings.filter, until: settings.until)
  }

  private func found(_ query: EventSearch.Query, limit: Int) -> FoundEvents {
    var search = EventSearch(limit: limit)
    search.look(through: .max, of: events, where: query.passes)
    return FoundEvents(rows: search.rows, isComplete: search.isComplete)
  }

  /// Who is known: whose requests limits refused, the most refused first, who is in a group, then of whom the newest events tell.
  ///
  /// - Parameter events: how many of them are looked through.
  package func knownUsers(_ settings: ViewSettings, lookingThrough events: Int = 2_000) -> [ByteText] {
    let keys = limits(settings).filter { $0.key == "user_id" }.flatMap(\.keys)
    var names = keys.filter { $0.rejections ?? 0 > 0 }
      .sorted { ($0.refused, $0.rejections ?? 0) > ($1.refused, $1.rejections ?? 0) }.map(\.value)
    var number = self.events.total
    for _ in 0..<events {
      guard let (row, found) = self.events.last(before: number) else { break }
      number = found
      if let user = row.record.userID { names.append(user) }
    }
    names += keys.map(\.value)
    names += relay(settings).flatMap { $0.group.members.map(\.userID) }
    var seen: Set<ByteText> = []
    return Array(names.filter { seen.insert($0).inserted }.prefix(2_000))
  }

  /// What the targets are called, or where they are while that is not known.
  package var targetNames: [ByteText] { targets.map(\.name) }

  /// Shows the functions that were there in the last 15 minutes, of each gateway and in each version, without a copy.
  package func eachFunction(_ body: (_ service: ByteText, _ requestType: ByteText) -> Void) {
    for target in gateways {
      for function in target.history.functions { body(function.service, function.requestType) }
    }
  }

  /// The functions that were there in the last 15 minutes, each once; versions apart.
  package var knownFunctions: [(service: ByteText, requestType: ByteText, version: ByteText?)] {
    var seen: Set<ByteText> = []
    return gateways.flatMap(\.history.functions).filter { seen.insert($0.entryKey).inserted }
      .map { ($0.service, $0.requestType, $0.version) }
  }

  /// Gateways and service nodes, each once, at the moment shown.
  package func knownNodes(_ settings: ViewSettings) -> Set<ByteText> {
    var names = Set(gateways.map(\.name))
    for target in gateways {
      names.formUnion(slowState(target, settings)?.nodes.map(\.node) ?? [])
    }
    return names
  }

  /// What is down or not ready first; otherwise gateways, then the service nodes they know, by name.
  package func nodes(_ settings: ViewSettings) -> [NodeRow] {
    var services: [ByteText: (row: NodeRow, calls: NodeCalls)] = [:]
    var rows: [NodeRow] = []
    for target in gateways where settings.filter.matches(node: target.name, services: nil) {
      rows.append(gateway(target, settings))
    }
    for target in gateways {
      guard let slow = slowState(target, settings), !slow.nodes.isEmpty else {
        continue
      }
      let stale = isStale(target, settings)
      let done = calls(target, settings)
      // No moment of the past keeps these, and hardly any node has them.
      let passed = settings.moment == .live ? target.state.nodes.filter { $0.failovers > 0 } : []
      let failovers = Dictionary(
        passed.map { ($0.node, $0.failovers) }, uniquingKeysWith: { first, _ in first })
      for node in slow.nodes where settings.filter.matches(node: node.node, services: node.services) {
        var (row, sum) =
          services[node.node]
          ?? (NodeRow(kind: .service, name: node.node, isUp: true, isStale: true), NodeCalls())
        // What a gateway said that tells nothing now counts only where no other tells of the node.
        if row.isStale || !stale {
          let knew = row.isStale && !stale ? true : row.isUp
          row.isUp = knew && (node.up || node.isUnseen)
        }
        row.isStale = row.isStale && stale
        row.detail = node.services.joined(separator: ", ")
        row.services = node.services
        var sighting = NodeRow.Sighting(
          gateway: target.name, isUp: node.up, since: node.since, reason: node.up ? nil : node.reason,
          isStale: stale)
        sighting.failovers = failovers[node.node] ?? 0
        if stale || target.state.unknown.contains(.nodeCalls) {
          (sighting.requestsPerSecond, sighting.errorPercent, sighting.failoverPercent) = (nil, nil, nil)
        } else {
          let own =
            target.history.serviceNodes.find(node.node).flatMap { done[$0] } ?? NodeCalls(isKnown: true)
          sum += own
          sighting.requestsPerSecond = own.requestsPerSecond
          sighting.errorPercent = own.errorPercent
          sighting.failoverPercent = own.failoverPercent
          sighting.p99 = own.p99
        }
        row.sightings.append(sighting)
        services[node.node] = (row, sum)
      }
    }
    return (rows + services.values.map { row, calls in row.with(calls) }).sorted { $0.precedes($1) }
  }

  /// By number of a service node: what a gateway asked of it in the window.
  private func calls(_ target: TargetModel, _ settings: ViewSettings) -> [Int32: NodeCalls] {
    let end = second(settings, target)
    let length = settings.window.seconds
    let watched = target.history.watchedSeconds(endingAt: end, length: length)
    var sums: [Int32: NodeCalls] = [:]
    for sample in target.history.window(endingAt: end, length: length) {
      for node in sample.nodes {
        sums[node.key, default: NodeCalls(isKnown: true)].add(node, watched: watched)
      }
    }
    return sums
  }

  /// How much of a core it used last, as `top` says it: since the state before, whose share each second between has, or over the coarse
  /// step of a moment long ago.
  private func cpuPercent(_ target: TargetModel, at second: Int64) -> Double? {
    guard let last = target.history.lastKept(at: second, within: target.silentAfterSeconds) else {
      return nil
    }
    let newest = target.history.figures(endingAt: last, length: 1)
    return newest.watched < TargetHistory.leastWatched ? nil : newest.cpuSeconds * 100 / newest.watched
  }

  private func gateway(_ target: TargetModel, _ settings: ViewSettings) -> NodeRow {
    var row = NodeRow(kind: .gateway, name: target.name, isUp: !isStale(target, settings))
    row.isStale = isStale(target, settings)
    if settings.moment == .live {
      row.detail = target.trouble(at: now)
      row.absence = target.absence(at: now)
    }
    row.version = target.software
    row.isKept = isKept(target, settings)
    row.clockSkewMs = target.skewUs.map { $0 / 1_000 }
    guard row.isKept else { return row }
    // Its last numbers are no rates of now.
    guard !row.isStale else {
      (row.requestsPerSecond, row.errorPercent) = (nil, nil)
      if settings.moment == .live { row.noteLoss(of: target, at: now) }
      return row
    }
    let end = second(settings, target)
    let length = settings.window.seconds
    let watched = target.history.watchedSeconds(endingAt: end, length: length)
    let isKnown = watched >= TargetHistory.leastWatched
    let isCounted = !target.state.unknown.contains(.series) && isKnown
    target.history.sums(endingAt: end, length: length) { window in
      let whole = window.whole
      let finished = Double(whole.finished)
      row.requestsPerSecond = isCounted ? Double(whole.started) / watched : nil
      row.errorPercent = !isCounted ? nil : whole.finished == 0 ? 0 : Double(whole.failed) * 100 / finished
      row.rejectedPercent = whole.finished == 0 ? 0 : Double(whole.rejected) * 100 / finished
      row.p99 = window.wholeLatency.quantile(0.99)
    }
    row.cpuPercent = cpuPercent(target, at: end)
    if let slow = target.history.slowState(at: end) {
      row.residentBytes = slow.residentBytes
      row.sockets = target.state.unknown.contains(.sockets) ? nil : slow.openSockets
      row.readiness = slow.readiness
      row.configuration = slow.configuration
      row.certificateSeconds = slow.certificates.secondsLeft(at: moment(settings))
      row.unresolved = slow.services.reduce(0) { $0 + $1.unresolved.count }
    }
    if settings.moment == .live {
      row.noteLoss(of: target, at: now)
    } else {
      row.lost = target.lost - target.lost(since: end)
    }
    return row
  }
}

extension RelayRow {
  fileprivate func precedes(_ other: RelayRow) -> Bool {
    if (silent > 0) != (other.silent > 0) { return silent > 0 }
    let (mine, others) = (group.members.count + group.active, other.group.members.count + other.group.active)
    if mine != others { return mine > others }
    if group.groupID != other.group.groupID { return group.groupID.precedesNaturally(other.group.groupID) }
    return node.precedesNaturally(other.node)
  }

  /// Members who wait or are muted; not of a gateway that tells nothing now.
  private var silent: Int { isStale ? 0 : group.pending + group.muted }
}

extension NodeRow {
  /// How old its newest frame is, and how many events are not shown.
  fileprivate mutating func noteLoss(of target: TargetModel, at now: Int64) {
    lagMs = target.lastFrameAt.map { max(0, now - $0) / 1_000 }
    // Of three that are missing it is silent.
    dueMs = max(1_000, target.silentAfterUs / 3_000)
    lost = target.lost
    lostHere = target.lostHere
  }

  fileprivate func precedes(_ other: NodeRow) -> Bool {
    if rank != other.rank { return rank < other.rank }
    if kind != other.kind { return kind == .gateway }
    return name.precedesNaturally(other.name)
  }

  /// How much it asks for attention, the least first.
  private var rank: Int {
    if !isKept { return 2 }
    if !isUp { return absence == .stopped ? 1 : 0 }
    if isStale { return 0 }
    if readiness.isReady == false || configuration.fault != nil || expires || !readiness.degraded.isEmpty {
      return 2
    }
    return unresolved > 0 ? 3 : 4
  }
}
