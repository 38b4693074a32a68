extension ServerConfiguration: CustomStringConvertible {
  /// Every setting in force, by section, with where it is from; secrets are hidden. It can be read again, but for
  /// the secrets.
  public var description: String {
    var lines: [String] = []
    var section = ""
    // A key of no section cannot follow one.
    let ordered = settings.filter { !$0.key.contains(".") } + settings.filter { $0.key.contains(".") }
    for setting in ordered {
      let parts = setting.key.split(separator: ".", maxSplits: 1).map(String.init)
      let name = parts.last ?? ""
      if parts.count > 1, parts[0] != section {
        section = parts[0]
        lines += ["", "[\(section)]"]
      }
      let isSet = setting.value != "(none)"
      let text =
        isSet && setting.value != "(hidden)" ? "\(name) = \(setting.value)" : "# \(name) \(setting.value)"
      lines.append(text + String(repeating: " ", count: max(1, 44 - text.count)) + "# \(setting.origin)")
    }
    lines += [
      "",
      "# \(functions.count) functions, \(gateway.rateLimiter.globalLimits.count) global limits, "
        + "\(gateway.rateLimiter.apiLimits.count) limits of functions, \(gateway.pull.services.count) services pulled",
    ]
    return lines.joined(separator: "\n")
  }
}
