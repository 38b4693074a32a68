import GenAPIValue

/// One function's counters and latencies since the gateway started.
public struct SeriesState: StateEntry {
  /// The service's name.
  public var service: ByteText
  /// The request type: the function's name within its service.
  public var requestType: ByteText
  /// The function's version; nil where it has none.
  public var version: ByteText?
  /// Requests begun.
  public var requests: Int64
  /// Finished requests by `RequestOutcome`; absent means 0.
  public var outcomes: [ByteText: Int64]
  /// Calls that were tried again.
  public var retries: Int64
  /// How long requests took that ran, see `RequestOutcome.hasRun`: refusals take next to nothing, and would make a slow
  /// function look fast.
  public var latency: LatencyHistogram
  /// The longest of these, exactly, in microseconds.
  public var maxUs: Int64
  /// How the last request failed that did; nil when none did. Neither a refusal nor what was given up.
  public var lastError: ByteText?
  /// Microseconds since the Unix epoch.
  public var lastErrorAt: Int64?
  /// Why a request was refused last, as by a pool, a breaker or a limit; nil when none was.
  public var lastRefusal: ByteText?
  /// Microseconds since the Unix epoch.
  public var lastRefusalAt: Int64?

  public var entryKey: ByteText { [service, requestType, version ?? ""].joinedAsKey }

  public func isSameEntry(as other: Self) -> Bool {
    requestType == other.requestType && service == other.service && (version ?? "") == (other.version ?? "")
  }

  public var owner: StateOwner { .service(service) }

  public init(
    service: ByteText, requestType: ByteText, version: ByteText? = nil, requests: Int64 = 0,
    outcomes: [ByteText: Int64] = [:], retries: Int64 = 0, latency: LatencyHistogram = LatencyHistogram(),
    maxUs: Int64 = 0, lastError: ByteText? = nil, lastErrorAt: Int64? = nil,
    lastRefusal: ByteText? = nil, lastRefusalAt: Int64? = nil
  ) {
    self.service = service
    self.requestType = requestType
    self.version = version
    self.requests = requests
    self.outcomes = outcomes
    self.retries = retries
    self.latency = latency
    self.maxUs = maxUs
    self.lastError = lastError
    self.lastErrorAt = lastErrorAt
    self.lastRefusal = lastRefusal
    self.lastRefusalAt = lastRefusalAt
  }

  public mutating func edit(_ editor: inout some StateEditor) {
    editor.name(&service)
    editor.name(&requestType)
    editor.name(&version)
    editor.count(&requests)
    editor.counts(&outcomes)
    editor.count(&retries)
    editor.histogram(latency)
    editor.count(&maxUs)
    editor.text(&lastError)
    editor.time(&lastErrorAt)
    editor.text(&lastRefusal)
    editor.time(&lastRefusalAt)
  }

  private enum CodingKeys: String, CodingKey {
    case service
    case requestType = "request_type"
    case version
    case requests
    case outcomes
    case retries
    case latency
    case maxUs = "max_us"
    case lastError = "last_error"
    case lastErrorAt = "last_error_at"
    case lastRefusal = "last_refusal"
    case lastRefusalAt = "last_refusal_at"
  }
}
