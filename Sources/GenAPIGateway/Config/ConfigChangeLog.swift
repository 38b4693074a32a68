import GenAPITelemetry
import GenAPIValue

/// The last changes of the config store.
struct ConfigChangeLog {
  static let limit = 100

  private(set) var entries: [ConfigChangeState] = []
  private var lastID: Int64 = 0

  mutating func record(
    _ kind: ByteText, _ key: ConfigStore.Key, at: Int64, from: ByteText? = nil, to: ByteText? = nil,
    by: ByteText
  ) {
    lastID += 1
    entries.append(
      ConfigChangeState(
        id: lastID, at: at, kind: kind, service: key.service,
        requestType: key.requestType.isEmpty ? nil : key.requestType, version: key.version, from: from,
        to: to,
        by: by))
    if entries.count > Self.limit { entries.removeFirst(entries.count - Self.limit) }
  }
}
