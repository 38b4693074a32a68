import GenAPIValue

/// One of the users whose requests of a function ended most, failed most or were refused most in the last minutes.
///
/// The counts are exact but for what their `over` says: a count is never too small, and too large by at most that.
public struct TopUserState: StateEntry {
  /// The service's name.
  public var service: ByteText
  /// The request type: the function's name within its service.
  public var requestType: ByteText
  /// The function's version; nil where it has none.
  public var version: ByteText?
  /// The user.
  public var user: ByteText
  /// Since when it is counted, microseconds since the Unix epoch.
  public var since: Int64
  /// Requests of the user that ended.
  public var requests: Int64
  /// By how much `requests` may be too large.
  public var requestsOver: Int64
  /// Of the requests, those that failed.
  public var failed: Int64
  /// By how much `failed` may be too large.
  public var failedOver: Int64
  /// Of the requests, those that were refused by policy.
  public var refused: Int64
  /// By how much `refused` may be too large.
  public var refusedOver: Int64

  public var entryKey: ByteText { [service, requestType, version ?? "", user].joinedAsKey }

  public func isSameEntry(as other: Self) -> Bool {
    user == other.user && requestType == other.requestType && service == other.service
      && (version ?? "") == (other.version ?? "")
  }

  public var owner: StateOwner { .service(service) }

  public init(
    service: ByteText, requestType: ByteText, version: ByteText? = nil, user: ByteText, since: Int64,
    requests: Int64 = 0, requestsOver: Int64 = 0, failed: Int64 = 0, failedOver: Int64 = 0,
    refused: Int64 = 0, refusedOver: Int64 = 0
  ) {
    self.service = service
    self.requestType = requestType
    self.version = version
    self.user = user
    self.since = since
    self.requests = requests
    self.requestsOver = requestsOver
    self.failed = failed
    self.failedOver = failedOver
    self.refused = refused
    self.refusedOver = refusedOver
  }

  public mutating func edit(_ editor: inout some StateEditor) {
    editor.name(&service)
    editor.name(&requestType)
    editor.name(&version)
    editor.name(&user)
    editor.time(&since)
    editor.count(&requests)
    editor.count(&requestsOver)
    editor.count(&failed)
    editor.count(&failedOver)
    editor.count(&refused)
    editor.count(&refusedOver)
  }

  private enum CodingKeys: String, CodingKey {
    case service
    case requestType = "request_type"
    case version
    case user
    case since
    case requests
    case requestsOver = "requests_over"
    case failed
    case failedOver = "failed_over"
    case refused
    case refusedOver = "refused_over"
  }
}
