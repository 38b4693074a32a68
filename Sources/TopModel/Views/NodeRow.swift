import GenAPITelemetry
import GenAPIValue

/// One gateway or service node in the nodes pane.
package struct NodeRow: Equatable, Sendable, Identifiable {
  package enum Kind: Equatable, Sendable {
    case gateway
    case service
  }

  /// A service node as one gateway sees it.
  package struct Sighting: Equatable, Sendable {
    package var gateway: ByteText
    package var isUp: Bool
    /// When it went up or down, microseconds since the Unix epoch; 0 where that is not known.
    package var since: Int64
    /// Why it is down, as far as the gateway tells.
    package var reason: ByteText?
    /// The gateway has not been connected to it yet.
    package var isUnseen: Bool { !isUp && since == 0 }
    /// nil where the gateway does not count its calls.
    package var requestsPerSecond: Double? = 0
    package var errorPercent: Double? = 0
    /// Of calls that went on to another node, as this one could not be reached.
    package var failoverPercent: Double? = 0
    package var p99: Int64?
    /// Calls that went on to another node, since the gateway started.
    package var failovers: Int64 = 0
    package var isStale: Bool

    package init(
      gateway: ByteText, isUp: Bool, since: Int64 = 0, reason: ByteText? = nil, isStale: Bool = false
    ) {
      self.gateway = gateway
      self.isUp = isUp
      self.since = since
      self.reason = reason
      self.isStale = isStale
    }
  }

  package var kind: Kind
  package var name: ByteText
  package var isUp: Bool
  /// No gateway has been connected to this service node yet, so that nobody knows whether it is up; it counts as up.
  package var isUnseen: Bool { !sightings.isEmpty && sightings.allSatisfy(\.isUnseen) }
  /// Of a gateway that is down: why, in words; of a service node: what it serves.
  package var detail: ByteText?
  package var version: ByteText?
  /// nil where no gateway counts them.
  package var requestsPerSecond: Double?
  package var errorPercent: Double?
  /// Of a service node: calls that went on to another, as it could not be reached; no failures, since the other may have done
  /// them. nil where no gateway counts them.
  package var failoverPercent: Double?
  package var p99: Int64?
  /// Percent of one core over the window; gateways only.
  package var cpuPercent: Double?
  package var residentBytes: Int64?
  package var sockets: Int?
  /// How old the newest frame is, in milliseconds.
  package var lagMs: Int64?
  /// How much longer than frames take to come at most nothing came, in whole seconds: 0 of a gateway that tells as it should.
  package var lateSeconds: Int64? { lagMs.map { max(0, $0.saturatingSubtract(dueMs)) / 1_000 } }
  /// How long after one frame the next is due.
  package var dueMs: Int64 = 1_000
  /// Events that were meant for this program and are not shown.
  package var lost: Int64?
  /// The part of `lost` that came, and was not taken in time; nil for a moment of the past.
  package var lostHere: Int64?
  /// This clock minus the gateway's, in milliseconds, as far as a one-way delay tells.
  package var clockSkewMs: Int64?
  package var isStale: Bool
  /// False at a moment of which nothing was kept of this gateway: there are no numbers, and no zeros either.
  package var isKept = true
  /// Why a gateway tells nothing, where that is known.
  package var absence: Absence?
  /// Whether clients should be sent to a gateway.
  package var readiness = ReadinessState()
  /// Percent of a gateway's finished requests that were refused.
  package var rejectedPercent = 0.0
  /// What became of a gateway's last readings of its configuration.
  package var configuration = ConfigurationState()
  /// Of the certificate of a gateway that expires first, in seconds; 0 or less when it has; nil where there is none.
  package var certificateSeconds: Int64?
  /// Whether something has ended: else there are no percentages.
  package var hasEnded: Bool {
    p99 != nil || errorPercent ?? 0 > 0 || rejectedPercent > 0 || failoverPercent ?? 0 > 0
  }
  /// Whether a certificate has expired, or will in less than 7 days.
  package var expires: Bool { certificateSeconds.map { $0 < Self.expiringSeconds } ?? false }
  package static let expiringSeconds: Int64 = 7 * 86_400
  /// Names in the configs of a gateway's services that nothing is registered for.
  package var unresolved = 0
  /// What a service node serves.
  package var services: [ByteText] = []
  /// Of a service node: how each gateway sees it, by the gateway's name.
  package var sightings: [Sighting] = []

  /// Why a service node is down, each reason once, with who says so where they differ; nil where nobody knows.
  package var whyDown: ByteText? {
    let told = sightings.filter { !$0.isUp && $0.reason != nil }.sorted { !$0.isStale && $1.isStale }
    let reasons = Set(told.compactMap(\.reason))
    guard reasons.count > 1 else { return reasons.first }
    var seen: Set<ByteText> = []
    return told.compactMap { sighting in
      guard let reason = sighting.reason, seen.insert(reason).inserted else { return nil }
      return "\(sighting.gateway): \(reason)"
    }.prefix(4).joined(separator: "; ")
  }

  package var id: ByteText { (kind == .gateway ? "g" : "s") + name }

  package init(
    kind: Kind, name: ByteText, isUp: Bool, detail: ByteText? = nil, version: ByteText? = nil,
    requestsPerSecond: Double? = 0, errorPercent: Double? = 0, p99: Int64? = nil, cpuPercent: Double? = nil,
    residentBytes: Int64? = nil, sockets: Int? = nil, lagMs: Int64? = nil, lost: Int64? = nil,
    clockSkewMs: Int64? = nil, isStale: Bool = false
  ) {
    self.kind = kind
    self.name = name
    self.isUp = isUp
    self.detail = detail
    self.version = version
    self.requestsPerSecond = requestsPerSecond
    self.errorPercent = errorPercent
    self.p99 = p99
    self.cpuPercent = cpuPercent
    self.residentBytes = residentBytes
    self.sockets = sockets
    self.lagMs = lagMs
    self.lost = lost
    self.clockSkewMs = clockSkewMs
    self.isStale = isStale
  }
}
