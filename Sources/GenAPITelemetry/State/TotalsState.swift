import GenAPIValue

/// The whole gateway's counters since it started. `requests = ok + failed + rejected + cancelled + inFlight`, always.
public struct TotalsState: StateFields {
  /// Decoded requests that were started.
  public var requests: Int64
  /// Requests that ended well.
  public var ok: Int64
  /// Ended in an error, a timeout, an exception, or named no callable function.
  public var failed: Int64
  /// The part of `failed` that ended because something threw.
  public var exceptions: Int64
  /// Refused by policy: permission, rate limit, pool, before hook, shutdown.
  public var rejected: Int64
  /// Given up before their answers: their callers went away, or the gateway cut them off.
  public var cancelled: Int64
  /// Started and not yet ended.
  public var inFlight: Int64
  /// Payloads that could not be decoded into a request; not part of `requests`.
  public var invalid: Int64
  /// Calls that were tried again.
  public var retries: Int64
  /// Events emitted onto the bus; also the last sequence number given.
  public var eventsEmitted: Int64
  /// Events that some handler or subscriber did not get because its queue was full.
  public var eventsDropped: Int64
  /// How often each event was emitted, by full path.
  public var events: [ByteText: Int64]

  public init(
    requests: Int64 = 0, ok: Int64 = 0, failed: Int64 = 0, exceptions: Int64 = 0, rejected: Int64 = 0,
    cancelled: Int64 = 0, inFlight: Int64 = 0, invalid: Int64 = 0, retries: Int64 = 0,
    eventsEmitted: Int64 = 0,
    eventsDropped: Int64 = 0, events: [ByteText: Int64] = [:]
  ) {
    self.requests = requests
    self.ok = ok
    self.failed = failed
    self.exceptions = exceptions
    self.rejected = rejected
    self.cancelled = cancelled
    self.inFlight = inFlight
    self.invalid = invalid
    self.retries = retries
    self.eventsEmitted = eventsEmitted
    self.eventsDropped = eventsDropped
    self.events = events
  }

  public mutating func edit(_ editor: inout some StateEditor) {
    editor.count(&requests)
    editor.count(&ok)
    editor.count(&failed)
    editor.count(&exceptions)
    editor.count(&rejected)
    editor.count(&cancelled)
    editor.count(&inFlight)
    editor.count(&invalid)
    editor.count(&retries)
    editor.count(&eventsEmitted)
    editor.count(&eventsDropped)
    editor.counts(&events)
  }

  private enum CodingKeys: String, CodingKey {
    case requests
    case ok
    case failed
    case exceptions
    case rejected
    case cancelled
    case inFlight = "in_flight"
    case invalid
    case retries
    case eventsEmitted = "events_emitted"
    case eventsDropped = "events_dropped"
    case events
  }
}

extension TotalsState {
  /// What gateways of before did not send is 0.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func count(_ key: CodingKeys) throws -> Int64 { try container.decode(Int64.self, forKey: key) }
    requests = try count(.requests)
    ok = try count(.ok)
    failed = try count(.failed)
    exceptions = try count(.exceptions)
    rejected = try count(.rejected)
    cancelled = try container.decodeIfPresent(Int64.self, forKey: .cancelled) ?? 0
    inFlight = try count(.inFlight)
    invalid = try count(.invalid)
    retries = try count(.retries)
    eventsEmitted = try count(.eventsEmitted)
    eventsDropped = try count(.eventsDropped)
    events = try container.decode([ByteText: Int64].self, forKey: .events)
  }
}
