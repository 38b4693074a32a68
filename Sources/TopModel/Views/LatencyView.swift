/// The latency pane's data: one column a time slot, oldest first.
public struct LatencyView: Equatable, Sendable {
  /// One time slot.
  public struct Slot: Equatable, Sendable {
    /// Microseconds; nil when nothing finished in the slot.
    public var p50: Int64?
    public var p95: Int64?
    public var p99: Int64?
    /// Finished requests by latency band; as many as `bandBounds`.
    public var bands: [Int64]

    public init(p50: Int64? = nil, p95: Int64? = nil, p99: Int64? = nil, bands: [Int64] = []) {
      self.p50 = p50
      self.p95 = p95
      self.p99 = p99
      self.bands = bands
    }
  }

  public var scope: LatencyScope = .all
  public var windowSeconds = 60
  public var slots: [Slot] = []
  /// The lower bound of each latency band, rising, in microseconds.
  public var bandBounds: [Int64] = []
  /// Over the whole window, by band: what the histogram mode shows.
  public var histogram: [Int64] = []
  public var count: Int64 = 0
  public var p50: Int64?
  public var p95: Int64?
  public var p99: Int64?
  public var max: Int64?
  public var isStale = false

  public init() {}
}
