import DequeModule
import GenAPITelemetry
import GenAPIValue

/// Configs that were refused: the newest 1 000, for 24 hours.
struct FailedConfigLog {
  static let limit = 1_000
  static let mostReasons = 20
  static let lifetimeUs: Int64 = 24 * 3_600 * 1_000_000

  /// What makes two refusals one, found again at every pull.
  private struct Same: Hashable {
    var service: ByteText
    var requestType: ByteText?
    var version: ByteText?
    var reasons: [ByteText]

    init(_ entry: FailedConfig) {
      service = entry.service
      requestType = entry.requestType
      version = entry.version
      reasons = entry.reasons
    }
  }

  /// By their ids, which only grow.
  private var entries: Deque<FailedConfig> = []
  private var ids: [Same: Int64] = [:]
  private var lastID: Int64 = 0

  mutating func record(_ config: FunctionConfig, _ faults: [ByteText], _ origin: ConfigOrigin, at: Int64) {
    append(Self.entry(config, faults, origin, at: at))
  }

  /// Of a config that was read.
  static func entry(_ config: FunctionConfig, _ faults: [ByteText], _ origin: ConfigOrigin, at: Int64)
    -> FailedConfig
  { entry(config.service, config.requestType, config.version, faults, config.value, origin, at) }

  /// Of something that could not even be read as a config.
  static func entry(
    service: ByteText, _ value: Value?, faults: [ByteText], _ origin: ConfigOrigin, at: Int64
  ) -> FailedConfig {
    entry(service, value?["request_type"]?.string, value?["version"]?.string, faults, value, origin, at)
  }

  private static func entry(
    _ service: ByteText, _ requestType: ByteText?, _ version: ByteText?, _ faults: [ByteText],
    _ config: Value?, _ origin: ConfigOrigin, _ at: Int64
  ) -> FailedConfig {
    // What is refused for its length is not kept at it.
    FailedConfig(
      id: 0, at: at, expiresAt: at + lifetimeUs, service: TextBound.cutName(service),
      requestType: requestType.map { TextBound.cutName($0) }, version: version.map { TextBound.cutName($0) },
      source: origin.kind, node: origin.node, reasons: bounded(faults), config: config.flatMap(bounded))
  }

  /// Takes an entry. The same fault found again at every pull is one entry, with the time of the last.
  mutating func append(_ entry: FailedConfig) {
    var entry = entry
    lastID += 1
    entry.id = lastID
    if let earlier = ids.updateValue(lastID, forKey: Same(entry)) { remove(earlier) }
    entries.append(entry)
    if entries.count > Self.limit { ids[Same(entries.removeFirst())] = nil }
  }

  private mutating func remove(_ id: Int64) {
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].id < id { low = middle + 1 } else { high = middle }
    }
    if low < entries.count, entries[low].id == id { entries.remove(at: low) }
  }

  private static func bounded(_ faults: [ByteText]) -> [ByteText] {
    let more: [ByteText] = faults.count > mostReasons ? ["… and \(faults.count - mostReasons) more"] : []
    return faults.prefix(mostReasons).map { $0.cut(bytes: TextLimit.text) } + more
  }

  /// A config of a megabyte is not kept a thousand times.
  private static func bounded(_ config: Value) -> Value? {
    config.isLongerAsJSON(than: 16_384) ? nil : config
  }

  func current(_ filter: FailedConfigFilter, at now: Int64) -> [FailedConfig] {
    entries.filter { $0.expiresAt > now && filter.matches($0) }
  }

  /// How many were removed.
  mutating func clear(_ filter: FailedConfigFilter) -> Int {
    let before = entries.count
    entries.removeAll(where: filter.matches)
    ids = Dictionary(uniqueKeysWithValues: entries.map { (Same($0), $0.id) })
    return before - entries.count
  }
}
