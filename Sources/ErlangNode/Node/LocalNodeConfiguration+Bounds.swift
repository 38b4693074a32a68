import OutsideText

extension LocalNodeConfiguration {
  /// - Throws: `LocalNodeError.invalidSetting` naming the first setting that is out of range.
  func validate() throws(LocalNodeError) {
    if cookie.isEmpty { throw .emptyCookie }
    let gigabyte: Int64 = 1 << 30
    let settings: [(name: String, value: Int64, range: ClosedRange<Int64>)] = [
      ("listenPort", Int64(listenPort), 0...65_535), ("maxHandshakes", Int64(maxHandshakes), 1...100_000),
      ("maxHandshakesPerAddress", Int64(maxHandshakesPerAddress), 1...100_000),
      ("maxMessageBytes", Int64(maxMessageBytes), 1...4 * gigabyte),
      ("outgoingBytes", Int64(outgoingBytes), 1...4 * gigabyte),
      ("maxCalls", Int64(maxCalls), 1...10_000_000),
      ("maxCallsPerNode", Int64(maxCallsPerNode), 1...10_000_000), ("maxPeers", Int64(maxPeers), 1...100_000),
    ]
    for setting in settings where !setting.range.contains(setting.value) {
      throw .invalidSetting(
        name: setting.name, value: "\(setting.value)",
        allowed: "\(setting.range.lowerBound) to \(setting.range.upperBound)")
    }
    try LocalNodeError.check("tickTime", tickTime, .milliseconds(100) ... .seconds(86_400))
    try LocalNodeError.check("handshakeTimeout", handshakeTimeout, .milliseconds(1) ... .seconds(3_600))
    try LocalNodeError.check("epmdWait", epmdWait, .zero ... .seconds(3_600))
    if let epmd {
      try LocalNodeError.check("epmd.timeout", epmd.timeout, .milliseconds(1) ... .seconds(3_600))
    }
  }
}
