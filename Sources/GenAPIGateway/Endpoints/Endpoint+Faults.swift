import GenAPIValue

extension Endpoint {
  /// What is wrong with what is said of it beside its config.
  package func faults(_ config: FunctionConfig) -> [ByteText] { ownFaults(config) + limitFaults(config) }

  /// The same but for its limits, which only a gateway counts.
  package func ownFaults(_ config: FunctionConfig) -> [ByteText] {
    argumentFaults + nameFaults(config.service) + permissionFaults(config) + answerFaults(config) + hookFaults
  }

  /// A fault with the time as it was written, where the config has it in whole milliseconds.
  func asWritten(_ fault: ByteText, _ config: FunctionConfig) -> ByteText {
    guard let stated = options.statedTimeout, let timeout = config.timeout, stated != timeout,
      stated.wholeMilliseconds == config.timeoutMs
    else { return fault }
    let rounded: ByteText = "it is \(timeout.shown)"
    guard fault.hasPrefix("timeout must be"), fault.hasSuffix(rounded) else { return fault }
    return ByteText(fault.string.dropLast(rounded.string.count)) + "it is \(stated.shown)"
  }

  /// Names that read as another's: `service/request_type` is how a function is shown.
  private func nameFaults(_ service: ByteText) -> [ByteText] {
    [("service", service), ("request type", requestType)].compactMap { what, name -> ByteText? in
      // Of one that is empty the config's own faults tell.
      if ConfigBounds.isBlank(name) { return nil }
      if name.utf8.contains(UInt8(ascii: "/")) {
        return "the \(what) must not have a slash, which stands between a service and a request type"
      }
      let blank = UInt8(ascii: " ")
      return name.utf8.first == blank || name.utf8.last == blank
        ? "the \(what) must not begin or end with a blank" : nil
    }
  }

  /// A dictionary or a list in which the user's id is looked for: its declaration takes any value, and its type does not.
  private func permissionFaults(_ config: FunctionConfig) -> [ByteText] {
    guard case .argument(let name) = config.permission, config.permissionCallback == nil,
      config.arguments[name]?.type.mayBeUserID == true, objects.contains(name)
    else { return [] }
    return [config.userless(name, "a type with fields, a dictionary or an array", .swift)]
  }

  /// A time for hooks that it does not have; what a service says of all is for those that have one.
  private var hookFaults: [ByteText] {
    guard options.statedHookTimeout != nil, options.beforeHook == nil, options.afterHook == nil else {
      return []
    }
    var stated = FunctionConfig(service: "", requestType: "", function: FunctionReference("", ""))
    for change in options.ownChanges { change(&stated) }
    if stated.beforeExecute != nil || stated.afterExecute != nil { return [] }
    let callback = if case .callback = options.permission { true } else { stated.permissionCallback != nil }
    return [
      callback
        ? "hookTimeout is stated, and it has no hook; its permission callback has the time of the function, timeout"
        : "hookTimeout is stated, and it has no hook"
    ]
  }

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
        faults.append(
          "limit: \(ByteText("\(error)".replacing("max_requests", with: "the number of requests")))")
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

  /// Two ways to answer of one endpoint.
  private var contradictingAnswers: [ByteText] {
    var stated = FunctionConfig(service: "", requestType: "", function: FunctionReference("", ""))
    var ways: [ResponseType] = []
    for change in options.ownChanges {
      change(&stated)
      if stated.responseType != .sync, ways.last != stated.responseType { ways.append(stated.responseType) }
    }
    return Set(ways.map(\.rawValue)).count > 1 ? ["it cannot be asynchronous and unanswered: state one"] : []
  }

  /// A way to answer that its function does not have. What a service says of all its endpoints streams pass over.
  private func answerFaults(_ config: FunctionConfig) -> [ByteText] {
    guard isStream else {
      guard config.responseType == .stream else { return contradictingAnswers }
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
