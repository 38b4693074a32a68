import GenAPIGateway
import GenAPIValue

extension ServerConfiguration {
  /// Faults for limits that would never count anything: on a key that is neither one of the gateway's nor an argument.
  ///
  /// Functions may also come from service nodes; then only what looks like one of the gateway's keys can be told.
  func checkLimits(_ reader: inout ServerSettingReader) {
    let limiter = gateway.rateLimiter
    for (list, limits) in [("global_limits", limiter.globalLimits), ("api_limits", limiter.apiLimits)] {
      for (index, limit) in limits.enumerated() {
        if case .claim(let name) = limit.key, !countedClaims.contains(name) {
          let key = "rate_limiter.\(list).\(index).key"
          reader.faults.append(
            ConfigurationFault(
              source: reader.file, line: reader.lines.line(of: key),
              key: "rate_limiter.\(list)[\(index)].key",
              reason: "\"\(name.cut(bytes: 64))\" is not in auth.claims, so no request has it"))
        }
        guard case .argument(let name) = limit.key, !name.isEmpty, !isArgument(name, limit.scope) else {
          continue
        }
        let fields = RequestKey.Field.allCases.map(\.rawValue)
        let near = fields.first { Self.letters(ByteText($0)) == Self.letters(name) }
        guard near != nil || knowsFunctions(of: limit.scope) else { continue }
        let key = "rate_limiter.\(list).\(index).key"
        reader.faults.append(
          ConfigurationFault(
            source: reader.file, line: reader.lines.line(of: key), key: "rate_limiter.\(list)[\(index)].key",
            reason: "\"\(name.cut(bytes: 64))\" is no argument"
              + (near.map { "; do you mean \($0)?" } ?? ", nor one of \(fields.joined(separator: ", "))")))
      }
    }
  }

  /// Warnings for limits on functions that this file does not have: a name with a letter wrong leaves the function that was
  /// meant without a limit. Others may bring such a function, so it is no fault.
  func warnOfLimits(_ reader: inout ServerSettingReader) {
    for (index, limit) in gateway.rateLimiter.apiLimits.enumerated() {
      guard case .api(let service, let type) = limit.scope,
        !functions.contains(where: { limited($0, by: limit.scope) })
      else { continue }
      let line = reader.lines.line(of: "rate_limiter.api_limits.\(index).service").map { ":\($0)" } ?? ""
      let known = Set(functions.map { "\($0.service)/\($0.requestType)" }).sorted()
      let near = ServerSettingReader.question("\(service)/\(type)", known).map { "; \($0)" } ?? ""
      reader.warnings.append(
        "\(reader.file)\(line): rate_limiter.api_limits[\(index)] is on "
          + "\(service.cut(bytes: 64))/\(type.cut(bytes: 64)), a function that is not in this file\(near)")
    }
  }

  /// Whether a function that the limit is on has the argument, or takes any.
  private func isArgument(_ name: ByteText, _ scope: RateLimitScope) -> Bool {
    functions.contains { function in
      limited(function, by: scope)
        && (function.arguments[name] != nil
          || (function.arguments.isEmpty && function.argumentOrder == .map))
    }
  }

  private func limited(_ function: FunctionConfig, by scope: RateLimitScope) -> Bool {
    switch scope {
    case .global: true
    case .api(let service, let type): function.service == service && function.requestType == type
    }
  }

  /// Whether all functions that a limit can be on are in this file.
  private func knowsFunctions(of scope: RateLimitScope) -> Bool {
    if cluster == nil && gateway.pull.services.isEmpty { return true }
    if case .api = scope { return functions.contains { limited($0, by: scope) } }
    return false
  }

  private static func letters(_ key: ByteText) -> [UInt8] {
    key.utf8.map { $0 | 0x20 }.filter { (0x61...0x7A).contains($0) }
  }
}
