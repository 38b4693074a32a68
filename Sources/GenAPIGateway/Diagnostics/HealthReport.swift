import GenAPIValue

/// How well a gateway is, part by part.
public struct HealthReport: Codable, Sendable, Equatable {
  /// The worst of the checks.
  public var status: HealthStatus
  /// The gateway's node.
  public var node: ByteText
  /// `gateway`, or `client` for one that serves nothing itself.
  public var mode: ByteText
  /// Microseconds since the Unix epoch.
  public var checkedAt: Int64
  /// Every check, in a fixed order.
  public var checks: [HealthCheck]

  init(node: ByteText, mode: ByteText, checkedAt: Int64, checks: [HealthCheck]) {
    self.node = node
    self.mode = mode
    self.checkedAt = checkedAt
    self.checks = checks
    status = checks.map(\.status).max() ?? .ok
  }

  /// The same with more checks, of parts that the gateway itself does not know.
  public func adding(_ more: [HealthCheck]) -> HealthReport {
    HealthReport(node: node, mode: mode, checkedAt: checkedAt, checks: checks + more)
  }

  /// The check of this name; nil when there is none.
  public subscript(name: String) -> HealthCheck? { checks.first { $0.name == name } }

  private enum CodingKeys: String, CodingKey {
    case status
    case node
    case mode
    case checkedAt = "checked_at"
    case checks
  }
}
