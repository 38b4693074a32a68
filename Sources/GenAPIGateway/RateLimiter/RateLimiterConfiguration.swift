import GenAPIValue

/// The settings of a rate limiter.
public struct RateLimiterConfiguration: Sendable, Equatable {
  /// How a check finds its instance.
  public enum Routing: String, Sendable, CaseIterable {
    /// By the key's hash.
    case hash
    /// Accepted for existing configurations. A counter lives in one place, so it is found by hash all the
    /// same: choosing at random would lose counts.
    case random
  }

  /// False lets everything through and emits nothing.
  public var enabled = true
  /// What to do when a check itself fails: let the request through, or refuse it.
  public var failOpen = true
  /// 1 … 1 024; nil takes the number of cores. Fixed once the limiter runs.
  public var instanceCount: Int?
  /// How keys are spread over shards.
  public var routing = Routing.hash
  /// Between two sweeps of idle keys: 1 ms … 24 h, default 60 s.
  public var cleanupInterval = Duration.seconds(60)
  /// Limits that measure all requests.
  public var globalLimits: [RateLimit] = []
  /// Limits that measure the requests of one function.
  public var apiLimits: [RateLimit] = []
  /// Key values counted at one time over all limits: 1 … 100 000 000. Expired ones make room first, then the
  /// longest unused ones of the limit that has most. Fixed once the limiter runs.
  public var maxTrackedKeys = 1_000_000

  public init() {}

  /// Bounds the locks of one check: at most this many global limits and this many of one function.
  static let limitsOfOneRequest = 64
  static let apiLimitsInTotal = 10_000

  /// - Throws: `RateLimitError` naming the setting, or the limit and its field.
  public func validate() throws(RateLimitError) {
    if let instanceCount, !(1...1_024).contains(instanceCount) {
      throw .invalidSetting(name: "instance_count", problem: "must be auto or 1 to 1024, is \(instanceCount)")
    }
    let intervals = Duration.milliseconds(1) ... .seconds(86_400)
    if !intervals.contains(cleanupInterval) {
      throw .invalidSetting(
        name: "cleanup_interval", problem: "must be \(intervals.shown), is \(cleanupInterval.shown)")
    }
    if !(1...100_000_000).contains(maxTrackedKeys) {
      throw .invalidSetting(
        name: "max_tracked_keys", problem: "must be 1 to 100000000, is \(maxTrackedKeys)")
    }
    try Self.validate(globalLimits, list: "global_limits")
    try Self.validate(apiLimits, list: "api_limits")
  }

  /// Bounds all limits together, those that functions declare among them.
  static func validate(_ merged: [RateLimit]) throws(RateLimitError) {
    let ofFunctions = merged.filter { $0.scope != .global }
    try validate(ofFunctions, list: "api_limits")
  }

  private static func validate(_ limits: [RateLimit], list: ByteText) throws(RateLimitError) {
    let global = list == "global_limits"
    let maximum = global ? limitsOfOneRequest : apiLimitsInTotal
    if limits.count > maximum { throw .tooManyLimits(limits.count, maximum: maximum) }
    var seen = Set<RateLimit>()
    var ofFunction: [RateLimitScope: Int] = [:]
    for limit in limits {
      try limit.validate()
      if (limit.scope == .global) != global { throw .wrongList(limit.id, list: list) }
      if !seen.insert(limit.withoutMaximum).inserted { throw .duplicateLimit(limit.id) }
      ofFunction[limit.scope, default: 0] += 1
      if ofFunction[limit.scope]! > limitsOfOneRequest {
        throw .tooManyLimits(ofFunction[limit.scope]!, maximum: limitsOfOneRequest)
      }
    }
  }
}
