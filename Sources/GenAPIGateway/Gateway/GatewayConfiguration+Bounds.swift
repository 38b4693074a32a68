import GenAPIValue

extension GatewayConfiguration {
  /// - Throws: `ConfigFaults` naming every setting that is out of range; limits and pools say theirs themselves.
  func validate() throws(ConfigFaults) {
    var faults: [ByteText] = []
    func check(_ name: ByteText, _ value: Int64, _ range: ClosedRange<Int64>) {
      if !range.contains(value) {
        faults.append("\(name) must be \(range.lowerBound) to \(range.upperBound); it is \(value)")
      }
    }
    func check(_ name: ByteText, _ time: Duration, _ range: ClosedRange<Duration>) {
      if !range.contains(time) { faults.append("\(name) must be \(range.shown); it is \(time.shown)") }
    }
    func size(_ name: ByteText, _ value: Int, _ most: Int64 = 100_000_000) {
      check(name, Int64(value), 1...most)
    }
    check("max_payload_bytes", Int64(maxPayloadBytes), 1_024...100_000_000)
    check("top_users", Int64(topUsers), 0...256)
    size("max_functions", maxFunctions, 10_000_000)
    size("string_max_bytes", argumentLimits.stringBytes)
    size("list_max_items", argumentLimits.listItems, 10_000_000)
    size("map_max_items", argumentLimits.mapItems, 10_000_000)
    size("relay max_groups", relay.groups, 10_000_000)
    size("relay max_members", relay.membersPerGroup, 10_000_000)
    size("relay max_groups_per_user", relay.groupsPerUser, 10_000_000)
    size("relay connections of a member", relay.connectionsPerMember, 10_000_000)
    size("relay id bytes", relay.idBytes, 65_536)
    size("relay max_message_bytes", relay.messageBytes)
    size("relay waiting messages", relay.waitingMessages, 10_000_000)
    let day = Duration.seconds(86_400)
    check("pull first_after", pull.firstAfter, .zero...day)
    check("pull interval", pull.interval, .milliseconds(100)...day)
    check("pull timeout", pull.timeout, .milliseconds(1) ... .seconds(600))
    check("pull max_backoff", pull.maxBackoff, .milliseconds(1)...day)
    if pull.services.count > ConfigPuller.maxServices {
      faults.append("pull has \(pull.services.count) services, allowed are \(ConfigPuller.maxServices)")
    }
    for service in pull.services {
      faults += service.validate().map { "pull of \(service.service.cut(bytes: 64)): \($0)" }
    }
    if pushTokens.contains("") { faults.append("push_token must not be empty") }
    if allowedFunctions?.contains("") == true {
      faults.append("allowedFunctions (mfa_allowlist in a file) must not hold an empty name")
    }
    if let fault = ConfigBounds.fault(ofName: node, "node") { faults.append(fault) }
    guard faults.isEmpty else { throw ConfigFaults(faults: faults) }
  }
}
