import GenAPIChannels
import GenAPIGateway
import GenAPIValue
import Logging

/// Puts a changed configuration into force, as far as that goes without a restart.
struct Reloading {
  /// Sections, or settings, that take effect at once; the others need a restart.
  static let live = [
    "log.level", "log.format", "log.access", "gateway.detail_error", "rate_limiter.enabled",
    "rate_limiter.fail_open",
    "rate_limiter.cleanup_interval_ms", "rate_limiter.routing_strategy", "rate_limiter.global_limits",
    "rate_limiter.api_limits", "functions", "function_files", "gateway.push_token",
    "gateway.push_token_file", "gateway.push_token_files", "reload.watch", "reload.watch_interval_ms",
  ]
  /// The same, where the server had what they replace when it started.
  private static let streamTokens: Set<String> = [
    "telemetry.token", "telemetry.token_file", "telemetry.token_files",
  ]
  private static let certificate: Set<String> = ["websocket.tls_certificate", "websocket.tls_key"]
  private static let cookie: Set<String> = ["cluster.cookie", "cluster.cookie_file"]
  private static let clusterCertificate: Set<String> = [
    "cluster.tls_certificate", "cluster.tls_key", "cluster.tls_ca",
  ]

  let server: GatewayServer
  let authenticator: LiveAuthenticator
  let log: ServerLog
  let logger: Logger

  private var gateway: Gateway { server.gateway }

  /// - Returns: the settings that say something else than what is in force, and wait for a restart.
  @discardableResult
  func apply(_ new: ServerConfiguration, over old: ServerConfiguration) -> [String] {
    // What is not in force though the files say it, each already told.
    var faults: [String] = []
    func fault(_ message: String, _ error: any Error) {
      logger.error("\(message)", metadata: ["error": "\(error)"])
      faults.append("\(message): \(error)")
    }
    log.level = new.logLevel
    log.format = new.logFormat
    if new.logsRequests != old.logsRequests {
      do {
        try gateway.bus.setAccessLog(new.logsRequests, log)
      } catch {
        fault("the access log stays off", error)
      }
    }
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
      fault("the limits stay as they are", error)
    }
    applyFunctions(new.functions, over: old.functions, fault)
    let secrets = applySecrets(new, fault)
    let changed = server.inForce.changed(in: new.settings)
    let inForce = changed.filter { key in
      secrets.contains(key)
        || (Self.live.contains(key) && (refused.isEmpty || !key.hasPrefix(refused)))
    }
    server.inForce.take(inForce, of: new.settings)
    let waiting = changed.filter { !inForce.contains($0) }
    logger.notice(
      "the configuration was read again",
      metadata: [
        "functions": "\(new.functions.count)",
        "in force": "\(inForce.isEmpty ? "nothing changed" : inForce.joined(separator: ", "))",
        "needs a restart": "\(waiting.isEmpty ? "nothing" : waiting.joined(separator: ", "))",
      ])
    for name in gateway.unresolvedNames() { logger.warning("a name resolves to nothing: \(name)") }
    server.reloads.applied(new.certificates, faults: faults, waiting: waiting)
    return waiting
  }

  /// Secrets and certificates for whoever comes from now on; nobody who is there is sent away.
  ///
  /// - Returns: the settings that are in force with that.
  private func applySecrets(
    _ new: ServerConfiguration, _ fault: (String, any Error) -> Void
  ) -> Set<String> {
    let start = server.configuration
    var inForce: Set<String> = []
    do {
      try gateway.receiver.replaceTokens(new.gateway.pushTokens)
    } catch {
      fault("the push tokens stay as they are", error)
    }
    if new.authentication == start.authentication {
      do {
        try authenticator.replace(new.authenticator)
        server.claims.replace(by: new.countedClaims)
        inForce.formUnion(new.settings.map(\.key).filter(ServerConfiguration.isAuthenticationExchanged))
      } catch {
        fault("who is let in stays as it is", error)
      }
    }
    // Without a token a stream's door works otherwise, and is open to whoever can connect.
    if start.telemetry.token != nil, let token = new.telemetry.token {
      do {
        try server.exporter.replaceTokens(token, others: new.telemetry.otherTokens)
        inForce.formUnion(Self.streamTokens)
      } catch {
        fault("the stream's tokens stay as they are", error)
      }
    }
    if start.websocket.tls != nil, let tls = new.websocket.tls {
      server.channels.replaceTLS(tls)
      inForce.formUnion(Self.certificate)
    }
    if let node = server.node, let cluster = new.cluster?.node {
      do {
        try node.replaceCookie(cluster.cookie)
        inForce.formUnion(Self.cookie)
      } catch {
        fault("the cookie stays as it is", error)
      }
      if start.cluster?.node.tls != nil, let tls = cluster.tls {
        node.replaceTLS(tls)
        inForce.formUnion(Self.clusterCertificate)
      }
    }
    return inForce
  }

  /// Functions of the file come and go, and come back when something else took their place; those of services, and what
  /// an operator switched or deleted, stay so.
  private func applyFunctions(
    _ new: [FunctionConfig], over old: [FunctionConfig], _ fault: (String, any Error) -> Void
  ) {
    let kept = Set(new.map(FunctionName.init))
    var deleted: [FunctionConfig] = []
    for config in new where !gateway.configs.holdsOwn(config) {
      // What an operator took away comes back by a change of it, and not by one of something else.
      guard !gateway.configs.hasDeletedOwn(config) else {
        deleted.append(config)
        continue
      }
      do {
        try gateway.configs.add(config)
      } catch {
        fault("a function is not stored", error)
      }
    }
    // Of those that an operator had deleted nothing goes any more.
    let gone = old.filter { !kept.contains(FunctionName($0)) }.filter { gateway.configs.dropOwn($0) }
    if !deleted.isEmpty {
      logger.notice(
        "functions stay deleted, as an operator asked: a change of them in the file, or a start, brings them back",
        metadata: ["functions": "\(deleted.count)", "names": "\(Self.names(deleted))"])
    }
    guard !gone.isEmpty else { return }
    logger.log(
      level: new.isEmpty ? .warning : .notice,
      new.isEmpty
        ? "the configuration has no function any more: all that it had are gone"
        : "functions of the configuration are gone",
      metadata: [
        "functions": "\(gone.count)", "names": "\(Self.names(gone))",
      ])
  }

  private static func names(_ configs: [FunctionConfig]) -> String {
    let shown = configs.prefix(10).map { "\($0.service.shown)/\($0.requestType.shown)" }.joined(
      separator: ", ")
    return configs.count > 10 ? shown + ", …" : shown
  }
}
