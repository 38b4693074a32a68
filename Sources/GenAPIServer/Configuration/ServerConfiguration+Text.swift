import GenAPIGateway
import GenAPIValue
import TOMLFile

extension ServerConfiguration: CustomStringConvertible {
  /// All that is in force: every setting by section, with where it is from, then limits, services to pull, roles of nodes
  /// and functions. Secrets are hidden. It can be read again, but for the secrets.
  package var description: String {
    var lines: [String] = []
    var section = ""
    // A key of no section cannot follow one.
    let plain = settings.filter { !$0.isTable }
    let ordered = plain.filter { !$0.key.contains(".") } + plain.filter { $0.key.contains(".") }
    for setting in ordered {
      let parts = setting.key.split(separator: ".", maxSplits: 1).map(String.init)
      let name = parts.last ?? ""
      if parts.count > 1, parts[0] != section {
        section = parts[0]
        lines += ["", "[\(section)]"]
      }
      // The functions of those files are below.
      let isSet = setting.value != "(none)" && setting.key != "function_files"
      let text =
        isSet && setting.value != "(hidden)" ? "\(name) = \(setting.value)" : "# \(name) \(setting.value)"
      lines.append(text + String(repeating: " ", count: max(1, 44 - text.count)) + "# \(setting.origin)")
    }
    let limiter = gateway.rateLimiter
    lines += tables("rate_limiter.global_limits", limiter.globalLimits.map(\.fileValue))
    lines += tables("rate_limiter.api_limits", limiter.apiLimits.map(\.fileValue))
    lines += tables("pull.services", gateway.pull.services.map(\.value))
    lines += tables(
      "cluster.nodes",
      (cluster?.roles ?? [:]).sorted { $0.key < $1.key }.map { name, roles in
        ["name": .string(name), "roles": .array(roles.sorted().map(Value.string))]
      })
    lines += tables("functions", functions.map(\.value))
    return lines.joined(separator: "\n")
  }

  private func tables(_ key: String, _ values: [Value]) -> [String] {
    values.enumerated().flatMap { index, value -> [String] in
      // One below the other, and not within an outer table: each text ends where the next begins.
      guard let text = value.inlineTOML else {
        return ["", "# \(key)[\(index)] holds a null, which TOML cannot say: \(value.json)"]
      }
      return ["", "[[\(key)]]"] + text
    }
  }
}

extension Value {
  /// The fields of an object as lines of TOML, a table within it on one line; nil when there is a null in it.
  fileprivate var inlineTOML: [String]? {
    var lines: [String] = []
    for (key, value) in object ?? [:] {
      guard let text = value.inlineText else { return nil }
      lines.append("\(Value.string(key).json) = \(text)")
    }
    return lines
  }

  private var inlineText: String? {
    switch self {
    case .null: return nil
    case .array(let items):
      let texts = items.compactMap(\.inlineText)
      return texts.count == items.count ? "[\(texts.joined(separator: ", "))]" : nil
    case .object(let object):
      let texts = object.compactMap { key, value in
        value.inlineText.map { "\(Value.string(key).json) = \($0)" }
      }
      guard texts.count == object.count else { return nil }
      return texts.isEmpty ? "{}" : "{ \(texts.joined(separator: ", ")) }"
    // JSON's strings are TOML's, but for a delete character, which JSON writes as it is.
    default: return json.replacing("\u{7F}", with: "\\u007F")
    }
  }
}

extension RateLimit {
  fileprivate var fileValue: Value {
    var object: ValueObject = [
      "key": .string(key.name), "max_requests": .int(Int64(maxRequests)), "window_ms": .int(windowMs),
    ]
    if case .api(let service, let requestType) = scope {
      object["service"] = .string(service)
      object["request_type"] = .string(requestType)
    }
    return .object(object)
  }
}
