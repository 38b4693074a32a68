import ErlangTerms
import GenAPITelemetry
import OutsideText

/// The agent's words as a gateway's state.
struct AttachedModel {
  /// What the agent counts together in a row: of a function, a hook, a pool or a limit.
  struct Row {
    var requests: Int64
    /// In the order of `RequestOutcome.allCases`.
    var outcomes: [Int64]
    /// Ended without an event: their process died.
    var unfinished: Int64
    var retries: Int64
    var latency: LatencyHistogram
    var maxUs: Int64
    var lastError: ByteText?
    var lastErrorAt: Int64?

    var ended: Int64 { outcomes.reduce(unfinished, { $0.saturatingAdd($1) }) }
  }

  /// More rows than the agent keeps apart are none of its.
  static let mostRows = 25_000
  static let mostItems = 25_000

  private(set) var rows: [Term: Row] = [:]
  /// The lists of each section, as they came last.
  private(set) var sections: [ByteText: [Term]] = [:]
  private(set) var scalars = TermMap([])
  /// Events that were for us and that the agent had no room to send.
  var missed: Int64 = 0
  /// Of all that were lost those that were told of already; nil until the agent has told how many it lost before we came.
  private var toldLost: Int64?
  let hasAgent: Bool
  /// Sections, by their names in a frame, that are too large to be read without an agent.
  var tooLarge: Set<ByteText> = []
  /// Sections that could not be read when they were to be last, and since when that is so, microseconds since the Unix epoch.
  private(set) var deafSince: [ByteText: Int64] = [:]

  init(hasAgent: Bool = true) { self.hasAgent = hasAgent }

  /// When each was seen to change, microseconds since the Unix epoch; 0 for one that has not since it came.
  private var functionsChangedAt: [ByteText: (hash: Int, at: Int64)] = [:]
  private(set) var functions: [FunctionState] = []
  /// The limits that are in force, as they came last.
  private(set) var attachedLimits: [AttachedLimit] = []
  /// Came since they were looked through, which costs too much to be done every second for nothing.
  private var hasNewFunctions = false
  private var hasNewLimits = false
  /// How often each function's calls are tried again, of those that have one number for all their versions.
  private(set) var retries: [FunctionIdentity: Int64] = [:]
  /// Nodes that are or were connected since the agent came, or without one since we watch, and since when that is so; 0 where nobody saw.
  private(set) var nodesSeen: [ByteText: (isUp: Bool, since: Int64)] = [:]

  /// Events that were lost since this was asked last: in the agent, or between it and us.
  mutating func takeLost() -> Int64 {
    guard let lost = scalars[atom: "lost"]?.count.saturatingAdd(missed) else { return 0 }
    defer { toldLost = max(lost, toldLost ?? 0) }
    return toldLost.map { max(0, lost.saturatingSubtract($0)) } ?? missed
  }

  /// When the agent took what it told last, microseconds since the Unix epoch.
  var at: Int64 { scalars[atom: "at"]?.count ?? 0 }

  /// Since when the agent counts, microseconds since the Unix epoch; nil without one.
  var since: Int64? { scalars[atom: "since"]?.integerValue.flatMap { $0 > 0 ? $0 : nil } }

  /// How long a worker's breaker stays open, in milliseconds.
  var cooldownMs: Int64 { scalars[atom: "cooldown_ms"]?.count ?? 0 }

  /// Of the library; empty where it does not tell.
  var version: String {
    if case .binary? = scalars[atom: "library"] {
      scalars[atom: "library"]?.name?.cut(bytes: 64).string ?? ""
    } else {
      ""
    }
  }

  mutating func take(_ section: ByteText, isFirst: Bool, _ items: [Term]) {
    guard section != "series" else { return take(rows: items) }
    if section == "functions" || section == "services" { hasNewFunctions = true }
    if section == "limits" { hasNewLimits = true }
    if isFirst {
      sections[section] = Array(items.prefix(Self.mostItems))
    } else if sections[section, default: []].count + items.count <= Self.mostItems {
      sections[section, default: []] += items
    }
  }

  mutating func take(scalars map: TermMap) {
    scalars = map
    missed = max(missed, map[atom: "missed"]?.count ?? 0)
    if hasNewFunctions { noteFunctions() }
    if hasNewLimits { attachedLimits = entries("limits", 5).compactMap(AttachedLimit.init) }
    (hasNewFunctions, hasNewLimits) = (false, false)
    noteNodes()
    if hasAgent { noteDeaf((scalars[atom: "old"]?.listElements ?? []).compactMap(\.atomName)) }
  }

  /// Learns which sections could not be read now.
  mutating func noteDeaf(_ sections: [ByteText]) {
    let before = deafSince
    deafSince = [:]
    for section in sections { deafSince[section] = before[section] ?? at }
  }

  mutating func noteUnread(_ section: ByteText) { deafSince[section] = deafSince[section] ?? at }
  mutating func noteRead(_ section: ByteText) { deafSince[section] = nil }

  /// `{Id, Key, Requests, Outcomes, Unfinished, Retries, Sum, Max, Unplaced, Error, ErrorAt, [{Bucket, Count}]}`
  private mutating func take(rows items: [Term]) {
    for item in items {
      guard let parts = item.tupleElements, parts.count == 12, let outcomes = parts[3].listElements,
        rows[parts[1]] != nil || rows.count < Self.mostRows
      else { continue }
      var pairs = (parts[11].listElements ?? []).compactMap { pair -> (Int, Int64)? in
        guard let two = pair.tupleElements, two.count == 2 else { return nil }
        return (Int(clamping: two[0].count), two[1].count)
      }
      // What found no room in the agent is at the mean.
      let unplaced = parts[8].count
      let ended = zip(RequestOutcome.allCases, outcomes).filter { $0.0.hasRun }
        .reduce(Int64(0)) { $0.saturatingAdd($1.1.count) }
      if unplaced > 0 {
        pairs.append((LatencyHistogram.bucket(of: parts[6].count / max(1, ended)), unplaced))
      }
      rows[parts[1]] = Row(
        requests: parts[2].count,
        outcomes: RequestOutcome.allCases.indices.map { $0 < outcomes.count ? outcomes[$0].count : 0 },
        unfinished: parts[4].count, retries: parts[5].count,
        latency: LatencyHistogram(buckets: pairs, sum: parts[6].count), maxUs: parts[7].count,
        lastError: parts[9].name, lastErrorAt: parts[10].integerValue)
    }
  }

  private mutating func noteFunctions() {
    let known = functionsChangedAt
    functions = FunctionReading.functions(sections["functions"] ?? [], sources: sources)
    functionsChangedAt = [:]
    retries = [:]
    for index in functions.indices {
      let key = functions[index].entryKey
      let hash = functions[index].configHash
      let changedAt = known[key].map { $0.hash == hash ? $0.at : at } ?? 0
      functionsChangedAt[key] = (hash, changedAt)
      functions[index].changedAt = changedAt
      if let count = functions[index].retry?.split(separator: UInt8(ascii: " ")).last.flatMap({
        Int64($0.string)
      }) {
        let identity = FunctionIdentity(
          service: functions[index].service, requestType: functions[index].requestType)
        retries[identity] = max(retries[identity] ?? 0, count)
      }
    }
  }

  private mutating func noteNodes() {
    if hasAgent {
      nodesSeen = [:]
      for parts in entries("nodes", 3) {
        guard let name = parts[0].name else { continue }
        nodesSeen[name] = (parts[1] != .atom("down"), parts[2].count)
      }
      return
    }
    let names = Set(entries("nodes", 2).compactMap { $0.first?.name })
    for name in names where nodesSeen[name]?.isUp != true { nodesSeen[name] = (true, at) }
    // Of the gone only those are kept that a function names: the names of others are as many as come by.
    let needed = Set(functions.flatMap(\.nodes))
    for (name, seen) in nodesSeen where !names.contains(name) {
      if !needed.contains(name) {
        nodesSeen[name] = nil
      } else if seen.isUp {
        nodesSeen[name] = (false, at)
      }
    }
  }

  /// By service: where its configs are from, and their version.
  var sources: [ByteText: (source: ByteText, version: ByteText?)] {
    var result: [ByteText: (source: ByteText, version: ByteText?)] = [:]
    for item in sections["services"] ?? [] {
      guard let parts = item.tupleElements, parts.count == 3, let source = parts[0].name,
        let service = parts[1].name
      else { continue }
      if let known = result[service], known.source != source {
        result[service] = ("\(known.source)+\(source)", known.version ?? parts[2].name)
      } else {
        result[service] = (source, parts[2].name)
      }
    }
    return result
  }
}

extension FunctionState {
  /// Of what an operator sets, so that a change is seen.
  fileprivate var configHash: Int {
    var hasher = Hasher()
    hasher.combine(enabled)
    hasher.combine(nodes)
    hasher.combine(responseType)
    hasher.combine(timeoutMs)
    hasher.combine(permission)
    hasher.combine(retry)
    hasher.combine(chooseNode)
    hasher.combine(hooks)
    return hasher.finalize()
  }
}
