import GenAPIGateway
import GenAPIValue

extension GatewayConfiguration {
  mutating func read(_ reader: inout ServerSettingReader) {
    isClient = reader.bool("gateway.client_mode", false)
    showsErrorDetail = reader.bool("gateway.detail_error", false)
    maxPayloadBytes = reader.int("gateway.max_payload_bytes", maxPayloadBytes, 1_024...100_000_000)
    maxFunctions = reader.int("gateway.max_functions", maxFunctions, 1...10_000_000)
    pushToken = reader.secret("gateway.push_token", "gateway.push_token_file")
    otherPushTokens = reader.secrets("gateway.push_token_files")
    nodeChoice = reader.choice("gateway.choose_node_compat", nodeChoice)
    requiresPermission = reader.bool("gateway.requires_permission", false)
    readAdminActions(&reader)
    let allowed = reader.names("gateway.mfa_allowlist", [])
    allowedFunctions = allowed.isEmpty ? nil : Set(allowed)
    argumentLimits.stringBytes = reader.int(
      "argument_handler.string_max_bytes", argumentLimits.stringBytes, 1...100_000_000)
    argumentLimits.listItems = reader.int(
      "argument_handler.list_max_items", argumentLimits.listItems, 1...10_000_000)
    argumentLimits.mapItems = reader.int(
      "argument_handler.map_max_items", argumentLimits.mapItems, 1...10_000_000)
    readPools(&reader)
    readRelay(&reader)
    readPull(&reader)
    rateLimiter = readRateLimiter(&reader)
  }

  private mutating func readAdminActions(_ reader: inout ServerSettingReader) {
    for name in reader.strings("gateway.admin_actions", []) {
      guard let action = AdminAction(rawValue: name) else {
        let known = AdminAction.allCases.map(\.rawValue).joined(separator: ", ")
        reader.fault("gateway.admin_actions", "\"\(name.cut(bytes: 64))\" is no action; allowed are \(known)")
        continue
      }
      adminActions.insert(action)
    }
  }

  private mutating func readPools(_ reader: inout ServerSettingReader) {
    asyncPool.workers = reader.int("worker_pool.async_pool_size", asyncPool.workers, 1...100_000)
    streamPool.workers = reader.int("worker_pool.stream_pool_size", streamPool.workers, 1...100_000)
    let queue = reader.int("worker_pool.max_queue_size", asyncPool.queueLimit, 0...1_000_000)
    let pool = reader.int("worker_pool.circuit_breaker_threshold", asyncPool.poolThreshold, 1...1_000_000)
    let worker = reader.int(
      "worker_pool.worker_circuit_breaker_threshold", asyncPool.workerThreshold, 1...1_000_000)
    let cooldown = reader.milliseconds(
      "worker_pool.circuit_breaker_cooldown", asyncPool.cooldown, 1...86_400_000)
    let breakers = reader.choice("worker_pool.circuit_breaker_scope", asyncPool.breakers)
    let share = reader.int("worker_pool.client_share_percent", asyncPool.clientSharePercent, 1...100)
    func set(_ configuration: inout WorkerPoolConfiguration) {
      configuration.breakers = breakers
      configuration.clientSharePercent = share
      configuration.queueLimit = queue
      configuration.poolThreshold = pool
      configuration.workerThreshold = worker
      configuration.cooldown = cooldown
    }
    set(&asyncPool)
    set(&streamPool)
  }

  private mutating func readRelay(_ reader: inout ServerSettingReader) {
    relay.groups = reader.int("relay.max_groups", relay.groups, 1...10_000_000)
    relay.membersPerGroup = reader.int("relay.max_members", relay.membersPerGroup, 1...10_000_000)
    relay.groupsPerUser = reader.int("relay.max_groups_per_user", relay.groupsPerUser, 1...10_000_000)
    relay.messageBytes = reader.int("relay.max_message_bytes", relay.messageBytes, 1...100_000_000)
  }

  private mutating func readPull(_ reader: inout ServerSettingReader) {
    pull.firstAfter = reader.milliseconds("pull.first_after_ms", pull.firstAfter, 0...86_400_000)
    pull.interval = reader.milliseconds("pull.interval_ms", pull.interval, 100...86_400_000)
    pull.timeout = reader.milliseconds("pull.timeout_ms", pull.timeout, 1...600_000)
    pull.maxBackoff = reader.milliseconds("pull.max_backoff_ms", pull.maxBackoff, 1...86_400_000)
    for (index, table) in reader.tables("pull.services").enumerated() {
      do {
        pull.services.append(try PullSource(table))
      } catch {
        for fault in error.faults {
          reader.faults.append(
            ConfigurationFault(
              source: reader.file, line: reader.lines.line(of: "pull.services.\(index)"),
              key: "pull.services[\(index)]", reason: fault.string))
        }
      }
    }
  }

  private func readRateLimiter(_ reader: inout ServerSettingReader) -> RateLimiterConfiguration {
    var limiter = RateLimiterConfiguration()
    limiter.enabled = reader.bool("rate_limiter.enabled", true)
    limiter.failOpen = reader.bool("rate_limiter.fail_open", true)
    limiter.instanceCount = reader.intOrAuto("rate_limiter.instance_count", 1...1_024)
    limiter.routing = reader.choice("rate_limiter.routing_strategy", limiter.routing)
    limiter.cleanupInterval = reader.milliseconds(
      "rate_limiter.cleanup_interval_ms", limiter.cleanupInterval)
    limiter.maxTrackedKeys = reader.int(
      "rate_limiter.max_tracked_keys", limiter.maxTrackedKeys, 1...100_000_000)
    limiter.globalLimits = limits(&reader, "rate_limiter.global_limits", ofFunctions: false)
    limiter.apiLimits = limits(&reader, "rate_limiter.api_limits", ofFunctions: true)
    do throws(RateLimitError) { try limiter.validate() } catch {
      reader.fault("rate_limiter", error.description)
    }
    return limiter
  }

  private func limits(_ reader: inout ServerSettingReader, _ key: String, ofFunctions: Bool) -> [RateLimit] {
    let fields: [ByteText] =
      ["key", "max_requests", "window_ms"] + (ofFunctions ? ["service", "request_type"] : [])
    var limits: [RateLimit] = []
    for (index, table) in reader.tables(key).enumerated() {
      func fault(_ field: ByteText, _ reason: String) {
        reader.faults.append(
          ConfigurationFault(
            source: reader.file, line: reader.lines.line(of: "\(key).\(index).\(field)"),
            key: "\(key)[\(index)].\(field)", reason: reason))
      }
      for field in table.object?.keys.filter({ !fields.contains($0) }) ?? [] {
        fault(field, "is not known; allowed are \(fields.joined(separator: ", "))")
      }
      func text(_ field: ByteText) -> ByteText {
        guard let text = table[field]?.string, !text.isEmpty else {
          fault(field, "must be a non-empty string")
          return ""
        }
        return text
      }
      func number(_ field: ByteText) -> Int64 {
        guard let number = table[field]?.int, number > 0 else {
          fault(field, "must be a whole number above 0")
          return 1
        }
        return number
      }
      let name = text("key")
      let most = number("max_requests")
      let window = number("window_ms")
      limits.append(
        RateLimit(
          scope: ofFunctions ? .api(service: text("service"), requestType: text("request_type")) : .global,
          key: RequestKey(name), maxRequests: Int(clamping: most), window: .milliseconds(window)))
    }
    return limits
  }
}
