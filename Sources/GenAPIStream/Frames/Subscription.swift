import GenAPIValue

/// What a subscriber wants to get: the fields of a `subscribe` frame.
public struct Subscription: Sendable, Equatable {
  /// Needed with the first `subscribe` when `hello` says so.
  public var token: ByteText?
  /// Only `json` is offered.
  public var encoding: ByteText
  /// False for state frames only.
  public var events: Bool
  /// How often state frames come, `StreamProtocol.intervalRange` milliseconds.
  public var intervalMs: Int
  /// False to get only changes from now on.
  public var snapshot: Bool
  /// Which events come, and the state of which services.
  public var filter: EventFilter
  /// False for the state of all services, whatever the filter says of events. Older gateways narrow it all the same.
  public var narrowsState: Bool
  /// True for only those buckets of a series' latencies that changed, where the gateway knows to tell: a fraction of the bytes. A
  /// `StreamSubscriber` makes whole histograms of them. Needs `snapshot`; older gateways tell all buckets.
  public var changedBuckets: Bool

  public init(
    token: ByteText? = nil, encoding: ByteText = "json", events: Bool = true,
    intervalMs: Int = StreamProtocol.defaultIntervalMs, snapshot: Bool = true,
    filter: EventFilter = EventFilter(), narrowsState: Bool = true, changedBuckets: Bool = false
  ) {
    self.token = token
    self.encoding = encoding
    self.events = events
    self.intervalMs = intervalMs
    self.snapshot = snapshot
    self.filter = filter
    self.narrowsState = narrowsState
    self.changedBuckets = changedBuckets
  }
}
