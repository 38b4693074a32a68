import GenAPIValue

/// What rules about gateways compare, of one gateway: worked out once for all of them.
struct GatewayNumbers: Sendable {
  let name: ByteText
  /// Events lost in the window.
  let lost: Double
  private var residentBytes: Double?
  private var cpuPercent: Double?
  private var certificateSeconds: Double?
  private var acceptFailures: Double?
  private var droppedLogLines: Double?
  private var refusedHandshakes: Double?

  /// - Parameter now: the time of the model, microseconds since the Unix epoch.
  init(_ target: TargetModel, _ window: StatisticsWindow, at now: Int64) {
    name = target.name
    lost = Double(target.lost(since: now / 1_000_000 - Int64(window.seconds)))
    // What a gateway told last that tells nothing now is no number of now.
    guard !target.isStale(at: now) else { return }
    let end = target.liveSecond(at: now)
    let counted = target.history.figures(endingAt: end, length: window.seconds)
    residentBytes = Double(target.state.process.residentBytes)
    certificateSeconds = target.state.certificates.secondsLeft(at: now).map(Double.init)
    acceptFailures = Double(counted.acceptFailures)
    droppedLogLines = Double(counted.droppedLogLines)
    guard counted.watched >= TargetHistory.leastWatched else { return }
    cpuPercent = counted.cpuSeconds * 100 / counted.watched
    refusedHandshakes = Double(counted.refusedHandshakes) / counted.watched
  }

  /// What a rule compares; nil where it is not known, or none of one gateway.
  subscript(metric: AlertMetric) -> Double? {
    switch metric {
    case .lost: lost
    case .memory: residentBytes
    case .cpuPercent: cpuPercent
    case .certificate: certificateSeconds
    case .acceptFailures: acceptFailures
    case .logLinesDropped: droppedLogLines
    case .handshakesRefused: refusedHandshakes
    default: nil
    }
  }
}
