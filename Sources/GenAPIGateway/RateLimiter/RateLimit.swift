import GenAPITelemetry
import GenAPIValue

/// One limit: at most so many requests of one key value within a sliding window.
///
/// Two limits never share a counter: a counter belongs to a limit and a key value.
public struct RateLimit: Sendable, Hashable {
  /// Which requests it measures.
  public var scope: RateLimitScope
  /// What is counted.
  public var key: RequestKey
  /// Requests let through in any `window`: 1 … 1 000 000 000.
  public var maxRequests: Int
  /// How long a request counts, in whole milliseconds, rounded up: 1 ms … 576 h (24 days).
  public var window: Duration {
    get { .milliseconds(windowMs) }
    set { windowMs = newValue.wholeMilliseconds }
  }
  package var windowMs: Int64

  public init(scope: RateLimitScope, key: RequestKey, maxRequests: Int, window: Duration) {
    self.scope = scope
    self.key = key
    self.maxRequests = maxRequests
    windowMs = window.wholeMilliseconds
  }

  /// A limit over all requests.
  public static func global(key: RequestKey, maxRequests: Int, window: Duration) -> RateLimit {
    RateLimit(scope: .global, key: key, maxRequests: maxRequests, window: window)
  }

  /// A limit over the requests of one function.
  public static func api(
    service: ByteText, requestType: ByteText, key: RequestKey, maxRequests: Int, window: Duration
  ) -> RateLimit {
    RateLimit(
      scope: .api(service: service, requestType: requestType), key: key, maxRequests: maxRequests,
      window: window)
  }

  /// Names the limit on an operator's screen: scope, key, maximum and window.
  public var id: ByteText {
    [ByteText(scope.description), key.name, "\(maxRequests)/\(windowMs)ms"].joinedUniquely(
      by: UInt8(ascii: " "))
  }

  /// The same for people, with names as lists show them.
  package var shown: ByteText {
    let scope = FunctionPath.shown(ByteText(scope.description))
    return [scope, key.name.asName, "\(maxRequests)/\(windowMs)ms"].joined(separator: " ")
  }

  static let maximum = 1...1_000_000_000
  /// Twice the window must fit the 32 bits of a stamp in milliseconds.
  static let windows = Duration.milliseconds(1) ... .milliseconds(2_073_600_000)

  /// - Throws: `RateLimitError.invalidLimit` naming the field and its range.
  func validate() throws(RateLimitError) {
    if case .argument(let name) = key, name.isEmpty || name.byteCount > TextLimit.name {
      throw .invalidLimit(id, "key must be 1 to \(TextLimit.name) bytes, is \(name.byteCount)")
    }
    switch key {
    case .argument(let name), .claim(let name):
      if let fault = NameRule.fault(of: name, "key") { throw .invalidLimit(id, fault) }
    case .field: break
    }
    if case .api(let service, let requestType) = scope,
      let fault = NameRule.fault(of: service, "service") ?? NameRule.fault(of: requestType, "request_type")
    {
      throw .invalidLimit(id, fault)
    }
    if !Self.maximum.contains(maxRequests) {
      throw .invalidLimit(
        id, "max_requests must be \(Self.maximum.lowerBound) to \(Self.maximum.upperBound), is \(maxRequests)"
      )
    }
    if !Self.windows.contains(window) {
      throw .invalidLimit(id, "window must be \(Self.windows.shown), is \(window.shown)")
    }
    if case .api(let service, let requestType) = scope, service.isEmpty || requestType.isEmpty {
      throw .invalidLimit(id, "service and request_type must not be empty")
    }
  }

  /// What tells it from other limits.
  var withoutMaximum: RateLimit {
    var copy = self
    copy.maxRequests = 0
    return copy
  }

  /// Two limits that agree in this are the same limit with another maximum.
  func replaces(_ other: RateLimit) -> Bool {
    scope == other.scope && key == other.key && windowMs == other.windowMs
  }
}
