import GenAPIValue

/// One function in the requests pane, over the chosen window and all gateways.
package struct RequestRow: Equatable, Sendable, Identifiable {
  package var service: ByteText
  package var requestType: ByteText
  /// nil when unversioned.
  package var version: ByteText?
  package var requestsPerSecond: Double
  /// 0 … 100, of the finished requests in the window.
  package var errorPercent: Double
  package var rejectedPercent: Double
  /// Of a service node: calls that went on to another, as it could not be reached; nil for all else.
  package var failoverPercent: Double?
  package var inFlight: Int64
  /// Microseconds; nil when nothing finished in the window.
  package var p50: Int64?
  package var p95: Int64?
  package var p99: Int64?
  package var max: Int64?
  /// Requests per second, oldest first, up to 30 points over the window; below zero where it is not known.
  package var trend: [Double]
  package var retries: Int64
  package var lastError: ByteText?
  /// When it came, microseconds since the Unix epoch; nil where that is not known.
  package var lastErrorAt: Int64?
  /// The gateway that told it.
  package var lastErrorGateway: ByteText?
  /// Why one was refused last, as by a breaker.
  package var lastRefusal: ByteText?
  /// When that was, microseconds since the Unix epoch; nil where that is not known.
  package var lastRefusalAt: Int64?
  /// At the moment shown another may have been the last, or the only one: a gateway told one since, and only the newest is kept.
  package var missesLastError = false
  package var missesLastRefusal = false
  /// Every gateway that serves it is down or silent: the numbers are old.
  package var isStale: Bool
  /// Of a service node or a gateway: it is down, or not heard. Of a function nothing.
  package var isDown = false
  /// False at a moment of which nothing was kept of any gateway that serves it: there are no numbers, and no zeros either.
  package var isKept = true

  /// Whether its trouble goes on: requests failed, were refused or took long in the last seconds of the window, not only before. What is
  /// told without its seconds goes on.
  package var goesOn = true

  /// Whether a request has ended: else there are no percentages.
  package var hasEnded: Bool {
    p50 != nil || errorPercent > 0 || rejectedPercent > 0 || failoverPercent ?? 0 > 0
  }

  /// Made for every row of every frame, so with one allocation.
  package var id: ByteText { Self.id(service: service, requestType: requestType, version: version) }

  package static func id(service: ByteText, requestType: ByteText, version: ByteText?) -> ByteText {
    [service, requestType, version ?? ""].joinedAsKey
  }

  package init(
    service: ByteText, requestType: ByteText, version: ByteText? = nil, requestsPerSecond: Double = 0,
    errorPercent: Double = 0, rejectedPercent: Double = 0, inFlight: Int64 = 0, p50: Int64? = nil,
    p95: Int64? = nil, p99: Int64? = nil, max: Int64? = nil, trend: [Double] = [], retries: Int64 = 0,
    lastError: ByteText? = nil, isStale: Bool = false
  ) {
    self.service = service
    self.requestType = requestType
    self.version = version
    self.requestsPerSecond = requestsPerSecond
    self.errorPercent = errorPercent
    self.rejectedPercent = rejectedPercent
    self.inFlight = inFlight
    self.p50 = p50
    self.p95 = p95
    self.p99 = p99
    self.max = max
    self.trend = trend
    self.retries = retries
    self.lastError = lastError
    self.isStale = isStale
  }
}

extension RequestRow {
  /// How bad it is, 0 when it is well: what is down before what fails, that before what is refused, and that before what is only
  /// slow. The bounds are those at which the numbers turn yellow and red, and those of the alerts that are watched by default.
  package var trouble: Int {
    if isDown { return Self.downTrouble }
    if isStale || !isKept { return 0 }
    if isUnsupported { return errorPercent > 0 ? Self.unsupportedTrouble : 0 }
    return Self.trouble(
      errorPercent: errorPercent, rejectedPercent: rejectedPercent, isSlow: p99 ?? 0 >= Self.slowUs)
  }

  /// By what rows stand that are sorted as usual, the worst first.
  var urgency: Double { Self.urgency(trouble, goesOn: goesOn) }

  /// How bad it is, where red trouble that ended stands behind all that goes on.
  static func urgency(_ trouble: Int, goesOn: Bool) -> Double {
    trouble > 1 && trouble < downTrouble && !goesOn ? 1 + Double(trouble) / 10 : Double(trouble)
  }

  /// Whether it is all requests together for functions that do not exist, and never did.
  package var isUnsupported: Bool { service == Self.unsupported }

  /// As gateways call the service of such requests.
  package static let unsupported: ByteText = "(unsupported)"

  static let downTrouble = 5

  /// Requests for functions that do not exist always fail. That says something of clients only, and is no alarm; yet whoever looks
  /// for what is wrong sees it above all that is well.
  static let unsupportedTrouble = 1

  /// The same of numbers without a row, of a function that is there and told of now.
  static func trouble(errorPercent: Double, rejectedPercent: Double, isSlow: @autoclosure () -> Bool) -> Int {
    if errorPercent >= 5 { return 4 }
    if rejectedPercent >= 20 { return 3 }
    if isSlow() { return 2 }
    return errorPercent >= 1 || rejectedPercent >= 1 ? 1 : 0
  }

  /// A p99 from which on a function is slow, in microseconds.
  package static let slowUs: Int64 = 1_000_000
}
