import NetworkAddress

/// `X-Forwarded-For: client, proxy`: addresses with commas between them, some with a port.
enum ForwardedForHeader {
  /// Many times what `TrustedProxies.mostHops` addresses take. What stands further left is not looked at.
  static let mostBytes = 4_096

  /// The last first; nil for what is no address.
  static func hops(_ values: [String]) -> [IPAddress?] {
    var hops: [IPAddress?] = []
    var left = mostBytes
    for value in values.reversed() {
      let bytes = value.utf8.suffix(left)
      let isCut = bytes.count < value.utf8.count
      var parts = bytes.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
      if isCut { parts.removeFirst() }
      hops += parts.reversed().map { ForwardedNode.address(String(Substring($0))) }
      left -= bytes.count
      guard !isCut, left > 0, hops.count < TrustedProxies.mostHops else { break }
    }
    return hops
  }
}
