/// One part of a gateway's health.
public struct HealthCheck: Codable, Sendable, Equatable {
  /// `readiness`, `process`, `nodes`, `config_store`, `config_pulls`, `failed_configs`, `async_pool`, `stream_pool`,
  /// `rate_limiter`, `relay`, `names`, `configuration`, `certificates` or `log`.
  public var name: String
  /// What came of the check.
  public var status: HealthStatus
  /// What was found, for a person to read.
  public var detail: String

  /// Makes the result of a check: its name, its status and what there is to say.
  public init(_ name: String, _ status: HealthStatus, _ detail: String) {
    self.name = name
    self.status = status
    self.detail = detail
  }
}
