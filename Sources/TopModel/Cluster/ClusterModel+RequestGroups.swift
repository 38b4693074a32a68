import GenAPITelemetry
import GenAPIValue

extension ClusterModel {
  /// All requests by what they have in common, as the gateways count them; nil where only events tell.
  package func requestGroups(_ settings: ViewSettings) -> RequestGroups? {
    let grouping = settings.requestGrouping
    switch grouping {
    case .functions, .users: return nil
    case .services:
      return groups(settings) { source, _, number in .init(name: source.functions[number].service) }
    case .gateways: return groups(settings) { source, _, _ in .init(name: source.name) }
    case .versions:
      return groups(settings) { source, _, number in
        .init(name: source.functions[number].service, version: source.functions[number].version)
      }
    case .nodes:
      // What gateways ask of a node they count for all functions together.
      guard settings.filter.keys.allSatisfy({ $0 == "node" }) else { return nil }
      return nodeGroups(settings)
    }
  }

  private func groups(
    _ settings: ViewSettings,
    by group: (_ source: RequestSource, _ index: Int, _ number: Int) -> RequestGroupNames.Group
  ) -> RequestGroups {
    let scoped = liveFirst(scoped(settings), settings) { $0.target }
    let sources = scoped.map { requestSource($0.target, settings) }
    let scopes = scoped.map(\.scope)
    func names() -> RequestGroupNames {
      RequestGroupNames(sources) { source, index, number in
        let function = source.functions[number]
        return settings.includes(function)
          && scopes[index].includes(service: function.service, requestType: function.requestType)
          ? group(source, index, number) : nil
      }
    }
    guard scopes.allSatisfy(\.isWhole) else {
      // What service nodes run comes and goes without a word.
      let names = names()
      var totals = FunctionTotals(names.parts)
      totals.follow(sources)
      return groups(settings, names, &totals, sources)
    }
    let key = KeptTotals.Key(
      subject: .groups(settings.requestGrouping), filter: settings.filter, length: settings.window.seconds)
    return keptTotals.look(key, sources, at: now, make: names) { groups(settings, $0, &$1, sources) }
  }

  private func groups(
    _ settings: ViewSettings, _ names: RequestGroupNames, _ totals: inout FunctionTotals,
    _ sources: [RequestSource]
  ) -> RequestGroups {
    let length = settings.window.seconds
    let slots = min(30, length)
    let inFlight = totals.inFlight(sources)
    let trends = totals.trends(sources, slots: slots, length: length)
    let silent =
      settings.requestGrouping == .gateways
      ? Set(gateways.filter { isStale($0, settings) }.map(\.name)) : []
    let others = settings.requestGrouping == .gateways ? names.countsOfNoFunctions(sources) : [:]
    let rows = names.list.enumerated().map { place, group in
      var sum = FunctionSum(service: group.name, version: group.version, slots: slots)
      sum.total = totals.list[place]
      sum.latency = totals.latency(of: place, sources)
      (sum.inFlight, sum.trend) = (inFlight[place], trends[place])
      var last: Int32 = -1
      for part in names.parts.counted(place, sources) where part.source != last {
        last = part.source
        sources[Int(part.source)].addKnown(to: &sum, length: length)
      }
      var numbers = sum.row
      numbers.isDown = silent.contains(group.name)
      return RequestGroup(
        grouping: settings.requestGrouping, name: group.name, version: group.version,
        // What requests for functions that do not exist are counted by is none.
        functions: group.name == RequestRow.unsupported && settings.requestGrouping != .gateways
          ? nil : names.functionCounts[place] - (others[place] ?? 0), numbers: numbers)
    }
    return RequestGroups(settings.requestGrouping, rows: settings.arranged(rows))
  }

  /// By service node; nil where no gateway counts what it asks of them.
  private func nodeGroups(_ settings: ViewSettings) -> RequestGroups? {
    let scoped = scoped(settings).map(\.target).filter { !$0.state.unknown.contains(.nodeCalls) }
    guard !scoped.isEmpty else { return nil }
    let length = settings.window.seconds
    let slots = min(30, length)
    var sums: [ByteText: NodeSum] = [:]
    let down = downNodes(settings)
    for target in scoped {
      let end = second(settings, target)
      guard let slow = target.history.slowState(at: end) else { continue }
      let stale = isStale(target, settings)
      let watched = target.history.watchedSeconds(endingAt: end, length: length)
      let isAsked = settings.filter.namesNodes && settings.filter.matchesNode(target.name)
      var names: [Int32: ByteText] = [:]
      for node in slow.nodes where isAsked || settings.filter.matchesNode(node.node) {
        guard let number = target.history.serviceNodes.find(node.node) else { continue }
        names[number] = node.node
        sums[node.node, default: NodeSum(slots: slots)].meet(stale: stale)
      }
      for sample in target.history.window(endingAt: end, length: length) {
        // A coarse step lies in several parts of the window, and may begin before it does.
        let own = (max(sample.first, end - Int64(length) + 1)...sample.second).map { second in
          RequestSource.slot(of: second, endingAt: end, slots: slots, length: length)
        }
        for name in names.values { for slot in own { sums[name]?.know(slot) } }
        for delta in sample.nodes {
          guard let name = names[delta.key], sums[name]?.isStale == stale else { continue }
          sums[name]?.add(
            delta, slots: own, of: sample.span, watched: watched,
            isRecent: sample.second > end - WindowSums.recentSeconds)
        }
      }
    }
    let rows = sums.map { name, sum in
      var numbers = sum.row(name, scale: Double(slots) / Double(length))
      numbers.isDown = down.contains(name)
      return RequestGroup(grouping: .nodes, name: name, numbers: numbers)
    }
    return RequestGroups(.nodes, rows: settings.arranged(rows))
  }

  /// All requests that ended in the window shown, by what their events have in common.
  ///
  /// - Parameter rows: ends of requests, oldest first.
  package func requestGroups(of rows: [EventRow], _ settings: ViewSettings) -> RequestGroups {
    let span = groupedSpan(settings)
    // With its fraction: where much goes on, the events that are kept are those of two or three seconds.
    let seconds = max(0.001, Double(span.upperBound - span.lowerBound) / 1_000_000)
    let slots = min(30, settings.window.seconds)
    let lengthUs = Int64(settings.window.seconds) * 1_000_000
    var sums: [EventGroup: EventSum] = [:]
    // Of these nobody knows where a request ran.
    let untold =
      settings.requestGrouping == .nodes
      ? Set(gateways.filter { $0.state.unknown.contains(.nodeCalls) }.map(\.name)) : []
    var count = 0
    let recent = span.upperBound.saturatingSubtract(WindowSums.recentSeconds * 1_000_000)
    func slot(_ moment: Int64) -> Int {
      slots - 1 - min(slots - 1, max(0, Int((span.upperBound - moment) * Int64(slots) / lengthUs)))
    }
    let first = slot(span.lowerBound)
    for row in rows where span.contains(row.record.at) {
      count += 1
      let end = EndedRequest(row)
      let name =
        settings.requestGrouping == .users
        ? row.record.userID : end.isRefused ? nil : row.record.metadata("node_called")?.string
      let group = EventGroup(
        name: name ?? "", isUntold: name == nil && !end.isRefused && untold.contains(row.node))
      sums[group, default: EventSum(slots: slots, from: first)].add(
        end, slot: slot(row.record.at), isRecent: row.record.at > recent)
    }
    let groups = sums.map { group, sum in
      var result = RequestGroup(
        grouping: settings.requestGrouping, name: group.name,
        numbers: sum.row(group.name, seconds: seconds, scale: Double(slots) / Double(settings.window.seconds))
      )
      result.isUntold = group.isUntold
      return result
    }
    return RequestGroups(
      settings.requestGrouping, rows: settings.arranged(groups),
      source: .events(requests: count, seconds: max(1, Int(seconds.rounded()))))
  }

  /// The part of the window of which every event is kept that came, in microseconds since the Unix epoch.
  private func groupedSpan(_ settings: ViewSettings) -> ClosedRange<Int64> {
    let end = moment(settings)
    let begin = end.saturatingSubtract(Int64(settings.window.seconds) * 1_000_000)
    let watched = gateways.compactMap { $0.history.samples.first?.first }.min().map { $0 * 1_000_000 }
    let kept = events.completeSince ?? watched ?? begin
    return min(max(begin, kept), end)...end
  }
}

/// What the ends of requests are summed by.
private struct EventGroup: Hashable {
  var name: ByteText
  var isUntold: Bool
}

extension RequestGroupNames {
  /// By place: how many of its functions are none, but what requests for such as do not exist are counted by.
  fileprivate func countsOfNoFunctions(_ sources: [RequestSource]) -> [Int: Int] {
    var found: [Int: Set<ByteText>] = [:]
    for (source, own) in zip(sources, parts.places) {
      for number in own.indices where own[number] >= 0 {
        guard source.functions[number].service == RequestRow.unsupported else { continue }
        found[Int(own[number]), default: []].insert(source.keys[number])
      }
    }
    return found.mapValues(\.count)
  }
}

extension ViewSettings {
  fileprivate func arranged(_ rows: [RequestGroup]) -> [RequestGroup] {
    rows.sorted { precedes($0.numbers, $1.numbers) }
  }
}
