import GenAPIValue

extension Endpoint {
  /// What is wrong with what is said of it beside its config.
  package func faults(_ config: FunctionConfig) -> [ByteText] { ownFaults(config) + limitFaults(config) }

  /// The same but for its limits, which only a gateway counts.
  package func ownFaults(_ config: FunctionConfig) -> [ByteText] { argumentFaults + answerFaults(config) }

  /// Whether it declares limits, which only a gateway counts.
  package var declaresLimits: Bool { !options.limits.isEmpty }

  /// Its limits, as the gateway that it is registered on counts them.
  func limits(_ config: FunctionConfig) -> [RateLimit] {
    options.limits.map {
      .api(
        service: config.service, requestType: config.requestType, key: $0.key, maxRequests: $0.maxRequests,
        window: $0.window)
    }
  }

  private func limitFaults(_ config: FunctionConfig) -> [ByteText] {
    let limits = limits(config)
    var faults: [ByteText] = []
    for (index, limit) in limits.enumerated() {
      do throws(RateLimitError) {
        try limit.validate()
      } catch {
        faults.append("limit: \(error)")
        continue
      }
      if case .argument(let name) = limit.key, config.arguments[name] == nil {
        faults.append("limit counts by \(config.untaken(argument: name))")
      }
      if let first = limits[..<index].first(where: limit.replaces) {
        faults.append(
          "two limits count by \(limit.key.name) within \(ByteText(limit.window.shown)), \(first.maxRequests) and \(limit.maxRequests): state one"
        )
      }
    }
    return faults
  }

  /// A way to answer that its function does not have. What a service says of all its endpoints streams pass over.
  private func answerFaults(_ config: FunctionConfig) -> [ByteText] {
    guard isStream else {
      guard config.responseType == .stream else { return [] }
      return ["its function answers once, so it cannot be a stream; Endpoint(streaming:) makes one"]
    }
    var stated = config
    for change in options.ownChanges { change(&stated) }
    switch stated.responseType {
    case .stream: return []
    case .sync: return ["it answers in parts, so it cannot answer at once"]
    case .async: return ["it answers in parts, so it cannot be asynchronous"]
    case .none: return ["it answers in parts, so it cannot be unanswered"]
    }
  }
}
