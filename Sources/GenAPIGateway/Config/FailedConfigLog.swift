import GenAPITelemetry
import GenAPIValue

/// Configs that were refused: the newest 1 000, for 24 hours.
struct FailedConfigLog {
  static let limit = 1_000
  static let mostReasons = 20
  static let lifetimeUs: Int64 = 24 * 3_600 * 1_000_000

  private var entries: [FailedConfig] = []
  private var lastID: Int64 = 0

  mutating func record(_ config: FunctionConfig, _ faults: [ByteText], _ origin: ConfigOrigin, at: Int64) {
    append(config.service, config.requestType, config.version, faults, config.value, origin, at)
  }

  /// Something that could not even be read as a config.
  mutating func record(
    service: ByteText, _ value: Value?, faults: [ByteText], _ origin: ConfigOrigin, at: Int64
  ) {
    append(
      service, value?["request_type"]?.string, value?["version"]?.string, faults, value, origin, at)
  }

  private mutating func append(
    _ service: ByteText, _ requestType: ByteText?, _ version: ByteText?, _ faults: [ByteText],
    _ config: Value?,
    _ origin: ConfigOrigin, _ at: Int64
  ) {
    // What is refused for its length is not kept at it.
    let (service, requestType) = (TextBound.cutName(service), requestType.map { TextBound.cutName($0) })
    let version = version.map { TextBound.cutName($0) }
    let faults = Self.bounded(faults)
    // The same fault found again at every pull is one entry, with the time of the last.
    entries.removeAll {
      $0.service == service && $0.requestType == requestType && $0.version == version && $0.reasons == faults
    }
    lastID += 1
    entries.append(
      FailedConfig(
        id: lastID, at: at, expiresAt: at + Self.lifetimeUs, service: service, requestType: requestType,
        version: version, source: origin.kind, node: origin.node, reasons: faults,
        config: config.flatMap(Self.bounded)))
    if entries.count > Self.limit { entries.removeFirst(entries.count - Self.limit) }
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
    return before - entries.count
  }
}
