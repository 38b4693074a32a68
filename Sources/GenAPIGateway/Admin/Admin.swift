import GenAPITelemetry
import GenAPIValue
import Logging

/// What an operator may do to a running gateway: each action only when the configuration's `adminActions` list
/// it, each attempt logged either way with who asked.
///
/// ```swift
/// try gateway.admin(as: "mira").disable("user_service", "get_user", version: "1.0.0")
/// ```
///
/// For whoever asks from outside the program. Code of the program itself uses the gateway's parts directly.
public struct Admin: Sendable {
  let gateway: Gateway
  let operatorName: ByteText

  /// - Throws: `AdminError.denied`.
  public func setShowsErrorDetail(_ shows: Bool) throws(AdminError) {
    try permit(.changeDetailError, for: "\(shows)")
    gateway.showsErrorDetail = shows
  }

  /// Replaces all of the rate limiter's settings.
  public func updateRateLimits(_ configuration: RateLimiterConfiguration) throws(AdminError) {
    try permit(.updateRateLimitConfig, for: "all")
    try run { () throws(RateLimitError) in try gateway.rateLimiter.updateConfiguration(configuration) }
  }

  /// Adds a rate limit, if the caller may.
  public func addLimit(_ limit: RateLimit) throws(AdminError) {
    try permit(.updateRateLimitConfig, for: "add \(limit.id)")
    try run { () throws(RateLimitError) in try gateway.rateLimiter.addLimit(limit) }
  }

  /// Replaces a rate limit of the same scope, key and window, if the caller may.
  public func updateLimit(_ limit: RateLimit) throws(AdminError) {
    try permit(.updateRateLimitConfig, for: "update \(limit.id)")
    try run { () throws(RateLimitError) in try gateway.rateLimiter.updateLimit(limit) }
  }

  /// Removes a rate limit, if the caller may.
  public func removeLimit(scope: RateLimitScope, key: RequestKey, window: Duration? = nil) throws(AdminError)
  {
    try permit(.updateRateLimitConfig, for: "remove \(scope) \(key)")
    try run { () throws(RateLimitError) in
      try gateway.rateLimiter.removeLimit(scope: scope, key: key, window: window)
    }
  }

  /// Forgets what one key value has used; false when there was nothing to forget.
  @discardableResult
  public func resetLimit(keyValue: ByteText, scope: RateLimitScope, key: RequestKey) throws(AdminError)
    -> Bool
  {
    try permit(.updateRateLimitConfig, for: "reset \(scope) \(key)")
    return gateway.rateLimiter.reset(keyValue: keyValue, scope: scope, key: key)
  }

  /// Stores configs in the name of a service; the push token is not needed.
  @discardableResult
  public func pushConfig(_ config: PushConfig, force: Bool = false) throws(AdminError) -> PushResult {
    try permit(.pushConfig, for: "\(config.service) \(config.configVersion)")
    return try run { () throws(PushError) in
      try gateway.receiver.take(config, from: nil, force: force)
    }
  }

  /// Enables a function, if the caller may.
  public func enable(_ service: ByteText, _ requestType: ByteText, version: ByteText? = nil)
    throws(AdminError)
  {
    try permit(
      .changeFunctions,
      for: "enable \(FunctionPath.shown(service: service, requestType: requestType)) \(version ?? "")")
    try run { () throws(ConfigStoreError) in
      try gateway.configs.enable(service, requestType, version: version)
    }
  }

  /// Disables a function, if the caller may.
  public func disable(_ service: ByteText, _ requestType: ByteText, version: ByteText? = nil)
    throws(AdminError)
  {
    try permit(
      .changeFunctions,
      for: "disable \(FunctionPath.shown(service: service, requestType: requestType)) \(version ?? "")")
    try run { () throws(ConfigStoreError) in
      try gateway.configs.disable(service, requestType, version: version)
    }
  }

  /// Removes a version of a function, if the caller may; false when there was none, and all that was forgotten is that it was
  /// switched off. One of which nothing is known is an error.
  @discardableResult
  public func delete(_ service: ByteText, _ requestType: ByteText, version: ByteText? = nil)
    throws(AdminError)
    -> Bool
  {
    try permit(
      .changeFunctions,
      for: "delete \(FunctionPath.shown(service: service, requestType: requestType)) \(version ?? "")")
    return try run { () throws(ConfigStoreError) in
      try gateway.configs.delete(service, requestType, version: version)
    }
  }

  /// Ends a stream; the client is told. False when no such stream runs.
  @discardableResult
  public func stopStream(requestID: ByteText, on connection: ConnectionID) throws(AdminError) -> Bool {
    try permit(.stopStream, for: "\(requestID) on \(connection)")
    return gateway.stopStream(requestID: requestID, on: connection)
  }

  /// How many refused configs were forgotten.
  @discardableResult
  public func clearFailedConfigs(_ filter: FailedConfigFilter = FailedConfigFilter()) throws(AdminError)
    -> Int
  {
    try permit(.clearFailedConfigs, for: filter.service ?? "all")
    return gateway.configs.clearFailedConfigs(filter)
  }

  /// Deletes a relay group with all memberships.
  public func deleteGroup(_ groupID: ByteText) throws(AdminError) {
    try permit(.changeGroups, for: "delete \(groupID)")
    try run { () throws(RelayError) in try gateway.relay.deleteGroup(groupID: groupID) }
  }

  /// Says in the log what is asked for and by whom, and whether it may be done. The other functions ask it themselves.
  ///
  /// - Throws: `AdminError.denied`.
  public func permit(_ action: AdminAction, for what: ByteText) throws(AdminError) {
    let isAllowed = gateway.configuration.adminActions.contains(action)
    gateway.configuration.logger.log(
      level: isAllowed ? .notice : .warning, "admin action \(isAllowed ? "allowed" : "denied")",
      metadata: ["action": "\(action.rawValue)", "what": "\(what)", "operator": "\(operatorName)"])
    if !isAllowed { throw .denied(action) }
  }

  private func run<Answer, Failure: Error>(_ body: () throws(Failure) -> Answer) throws(AdminError) -> Answer
  {
    do { return try body() } catch { throw .failed("\(error)") }
  }
}

extension Gateway {
  /// The operator's actions, logged under a name.
  public func admin(as operatorName: ByteText) -> Admin { Admin(gateway: self, operatorName: operatorName) }
}
