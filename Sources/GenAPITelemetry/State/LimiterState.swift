/// How many keys all rate limits count together.
public struct LimiterState: StateFields {
  /// Keys that are counted now.
  public var trackedKeys: Int
  /// Keys that can be counted at one time; 0 where the gateway does not tell.
  public var maxTrackedKeys: Int
  /// Keys given up before their window ended, since there was no room: their requests begin anew. Since the start.
  public var evictedKeys: Int64

  /// Makes one, by default of a gateway that does not tell.
  public init(trackedKeys: Int = 0, maxTrackedKeys: Int = 0, evictedKeys: Int64 = 0) {
    self.trackedKeys = trackedKeys
    self.maxTrackedKeys = maxTrackedKeys
    self.evictedKeys = evictedKeys
  }

  public mutating func edit(_ editor: inout some StateEditor) {
    editor.count(&trackedKeys)
    editor.count(&maxTrackedKeys)
    editor.count(&evictedKeys)
  }

  private enum CodingKeys: String, CodingKey {
    case trackedKeys = "tracked_keys"
    case maxTrackedKeys = "max_tracked_keys"
    case evictedKeys = "evicted_keys"
  }
}
