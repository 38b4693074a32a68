import GenAPITelemetry

/// Configs that were refused: the newest 1 000, for 24 hours.
struct FailedConfigLog {
  static let limit = 1_000
  static let lifetimeUs: Int64 = 24 * 3_600 * 1_000_000

  private var entries: [FailedConfigState] = []
  private var lastID: Int64 = 0

  mutating func record(_ config: FunctionConfig, _ faults: [String], _ origin: ConfigOrigin, at: Int64) {
    append(config.service, config.requestType, config.version, faults, origin, at)
  }

  mutating func record(service: String, faults: [String], _ origin: ConfigOrigin, at: Int64) {
    append(service, nil, nil, faults, origin, at)
  }

  private mutating func append(
    _ service: String, _ requestType: String?, _ version: String?, _ faults: [String], _ origin: ConfigOrigin,
    _ at: Int64
  ) {
    // The same fault found again at every pull is one entry, with the time of the last.
    entries.removeAll {
      $0.service == service && $0.requestType == requestType && $0.version == version && $0.reasons == faults
    }
    lastID += 1
    entries.append(
      FailedConfigState(
        id: lastID, at: at, service: service, requestType: requestType, version: version,
        source: origin.kind.rawValue, node: origin.node, reasons: faults))
    if entries.count > Self.limit { entries.removeFirst(entries.count - Self.limit) }
  }

  func current(at now: Int64) -> [FailedConfigState] { entries.filter { $0.at + Self.lifetimeUs > now } }

  mutating func clear() { entries = [] }
}
