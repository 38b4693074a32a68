import GenAPITelemetry
import GenAPIValue

/// What gateways have differently of the rate limits of one scope and key: the one comparison of limits.
///
/// Limits of all requests are compared among all gateways, those of a function among the gateways that have it; silent ones count
/// only where there are no others.
enum LimitComparison {
  /// A gateway with what it allows.
  struct Side {
    var gateway: ByteText
    var limits: [LimitState]
    /// Service and request type of each function that it has.
    var functions: Set<[ByteText]>

    init(_ gateway: ByteText, _ slow: SlowState) {
      self.gateway = gateway
      limits = slow.limits
      // Looked at only for limits of functions, which are few.
      functions =
        limits.contains { $0.scope != "global" }
        ? Set(slow.functions.map { [$0.service, $0.requestType] }) : []
    }
  }

  /// By scope and key; absent where nothing differs.
  static func differences(_ sides: [Side]) -> [[ByteText]: [ConfigDifference]] {
    guard sides.count > 1 else { return [:] }
    var found: [[ByteText]: [ConfigDifference]] = [:]
    var allowed: [[ByteText]: [ByteText: [LimitState]]] = [:]
    for side in sides {
      for limit in side.limits {
        allowed[[limit.scope, limit.key], default: [:]][side.gateway, default: []].append(limit)
      }
    }
    for (name, byGateway) in allowed {
      let function = FunctionPath.parts(of: name[0]).map { [$0.service, $0.requestType] }
      let compared = sides.filter { side in
        byGateway[side.gateway] != nil || function.map { side.functions.contains($0) } ?? true
      }
      let differences = differences(name, byGateway, compared.map(\.gateway))
      if !differences.isEmpty { found[name] = differences }
    }
    return found
  }

  private static func differences(
    _ name: [ByteText], _ byGateway: [ByteText: [LimitState]], _ gateways: [ByteText]
  ) -> [ConfigDifference] {
    func difference(_ setting: ByteText, _ value: (ByteText) -> ByteText) -> ConfigDifference? {
      let values = Dictionary(gateways.map { ($0, value($0)) }, uniquingKeysWith: { $1 })
      guard Set(values.values).count > 1 else { return nil }
      return ConfigDifference(requestType: name[0] + " " + name[1], setting: setting, values: values)
    }
    func windows(_ gateway: ByteText) -> [Int64] { (byGateway[gateway] ?? []).map(\.windowMs).sorted() }
    guard let first = gateways.first else { return [] }
    let shared = windows(first)
    guard !shared.isEmpty, Set(shared).count == shared.count, gateways.allSatisfy({ windows($0) == shared })
    else {
      return [difference("rate limit") { text(byGateway[$0] ?? []) }].compactMap(\.self)
    }
    return shared.compactMap { window in
      difference("requests in \(time(window))") { gateway in
        "\(byGateway[gateway]?.first { $0.windowMs == window }?.maxRequests ?? 0)"
      }
    }
  }

  /// What limits allow, by `request_type key`; of one scope's key all of them.
  static func texts(_ limits: [LimitState]) -> [ByteText: ByteText] {
    Dictionary(grouping: limits) { limit in
      (FunctionPath.parts(of: limit.scope)?.requestType ?? limit.scope) + " " + limit.key
    }.mapValues { text($0) }
  }

  /// `400 in 60s, 10 in 1s`.
  private static func text(_ limits: [LimitState]) -> ByteText {
    guard !limits.isEmpty else { return "none" }
    let parts: [ByteText] = limits.sorted { ($0.windowMs, $0.maxRequests) < ($1.windowMs, $1.maxRequests) }
      .map { "\($0.maxRequests) in \(time($0.windowMs))" }
    return parts.joined(separator: ", ")
  }

  private static func time(_ milliseconds: Int64) -> ByteText {
    milliseconds % 1_000 == 0 ? "\(milliseconds / 1_000)s" : "\(milliseconds)ms"
  }
}
