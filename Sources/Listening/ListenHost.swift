import NIOCore

/// Tells which texts can name the host of a listener at all, before anything is opened or looked up.
public enum ListenHost {
  /// nil when it is an address, or may be the name of a host; else why it is neither.
  public static func fault(_ host: String) -> String? {
    if host.utf8.contains(UInt8(ascii: ":")) {
      // fe80::1%eth0 is an address on one interface.
      let address = host.split(separator: "%", maxSplits: 1).first.map(String.init) ?? ""
      return isAddress(address) ? nil : "is no IPv6 address"
    }
    var name = host[...]
    if name.utf8.last == UInt8(ascii: ".") { name = name.dropLast() }
    let labels = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    // No top domain is a number, so this was meant as an address. Short forms such as 127.1 and others such as 0x7f000001 mean
    // different things to different programs.
    if let last = labels.last, isNumber(last) {
      return isAddress(host) ? nil : "is no IPv4 address, which is four numbers up to 255"
    }
    guard name.utf8.count <= 253, labels.allSatisfy(isLabel) else {
      return "is neither an address nor a possible name of a host"
    }
    return nil
  }

  private static func isAddress(_ text: String) -> Bool {
    (try? SocketAddress(ipAddress: text, port: 0)) != nil
  }

  /// In decimal, octal or hexadecimal.
  private static func isNumber(_ label: Substring.UTF8View) -> Bool {
    guard !label.isEmpty else { return false }
    if label.allSatisfy(isDigit) { return true }
    return label.count > 2 && label.first == UInt8(ascii: "0")
      && label.dropFirst().first.map { $0 | 0x20 } == UInt8(ascii: "x")
      && label.dropFirst(2).allSatisfy {
        isDigit($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0 | 0x20)
      }
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  /// Underscores are in no standard and in many container networks.
  private static func isLabel(_ label: Substring.UTF8View) -> Bool {
    let hyphen = UInt8(ascii: "-")
    return (1...63).contains(label.count) && label.first != hyphen && label.last != hyphen
      && label.allSatisfy { byte in
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == hyphen
          || byte == UInt8(ascii: "_")
      }
  }
}
