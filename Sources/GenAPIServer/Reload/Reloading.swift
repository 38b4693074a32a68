import GenAPIGateway
import Logging

/// Puts a changed configuration into force, as far as that goes without a restart.
struct Reloading {
  /// Sections, or settings, that take effect at once; the others need a restart.
  static let live = [
    "log.level", "gateway.detail_error", "rate_limiter.enabled", "rate_limiter.fail_open",
    "rate_limiter.cleanup_interval_ms", "rate_limiter.routing_strategy", "rate_limiter.global_limits",
    "rate_limiter.api_limits", "functions", "function_files",
  ]

  let gateway: Gateway
  let logLevel: LiveLogLevel
  let logger: Logger

  /// - Returns: the settings that changed and wait for a restart.
  @discardableResult
  func apply(_ new: ServerConfiguration, over old: ServerConfiguration) -> [String] {
    logLevel.current = new.logLevel
    gateway.showsErrorDetail = new.gateway.showsErrorDetail
    var limits = new.gateway.rateLimiter
    // Fixed once the limiter runs.
    limits.instanceCount = gateway.rateLimiter.configuration.instanceCount
    limits.maxTrackedKeys = gateway.rateLimiter.configuration.maxTrackedKeys
    var refused = ""
    do {
      try gateway.rateLimiter.updateConfiguration(limits)
    } catch {
      refused = "rate_limiter."
      logger.error("the limits stay as they are", metadata: ["error": "\(error)"])
    }
    applyFunctions(new.functions, over: old.functions)
    let before = Dictionary(old.settings.map { ($0.key, $0.digest) }, uniquingKeysWith: { $1 })
    let changed = new.settings.filter { before[$0.key] != $0.digest }.map(\.key)
    let inForce = changed.filter { Self.live.contains($0) && (refused.isEmpty || !$0.hasPrefix(refused)) }
    let waiting = changed.filter { !inForce.contains($0) }
    logger.notice(
      "the configuration was read again",
      metadata: [
        "functions": "\(new.functions.count)",
        "in force": "\(inForce.isEmpty ? "nothing changed" : inForce.joined(separator: ", "))",
        "needs a restart": "\(waiting.isEmpty ? "nothing" : waiting.joined(separator: ", "))",
      ])
    for name in gateway.unresolvedNames() { logger.warning("a name resolves to nothing: \(name)") }
    return waiting
  }

  /// Functions of the file come and go, and come back when something else took their place; those of services, and what
  /// an operator switched, stay.
  private func applyFunctions(_ new: [FunctionConfig], over old: [FunctionConfig]) {
    struct Name: Hashable {
      var service: String
      var requestType: String
      var version: String?
    }
    func name(_ config: FunctionConfig) -> Name {
      Name(
        service: config.service.string, requestType: config.requestType.string,
        version: config.version?.string)
    }
    let kept = Set(new.map(name))
    for config in new where !gateway.configs.holdsOwn(config) {
      do {
        try gateway.configs.add(config)
      } catch {
        logger.error("a function is not stored", metadata: ["error": "\(error)"])
      }
    }
    for config in old where !kept.contains(name(config)) { gateway.configs.dropOwn(config) }
  }
}
