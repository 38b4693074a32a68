/// The addresses that begin with the same bits, as `192.0.2.0/24` writes them: RFC 4632, section 3.1.
public struct AddressBlock: Hashable, Sendable, CustomStringConvertible {
  /// The first of them.
  public let first: IPAddress
  /// How many bits they share.
  public let prefix: Int

  /// - Parameter prefix: of more bits than the address has, all of them count.
  public init(_ address: IPAddress, prefix: Int) {
    var bytes = address.bytes
    self.prefix = min(max(prefix, 0), bytes.count * 8)
    for index in bytes.indices {
      let kept = min(max(self.prefix - index * 8, 0), 8)
      bytes[index] &= kept == 0 ? 0 : 0xFF << UInt8(8 - kept)
    }
    first = IPAddress(bytes: bytes) ?? address
  }

  /// An address with or without `/` and a number of bits; nil for anything else, and for an address that has bits set
  /// behind those, which is commonly a slip.
  /// `::ffff:192.0.2.0/120` is `192.0.2.0/24`.
  public init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let address = parts.first.flatMap({ IPAddress($0) }) else { return nil }
    let most = address.bytes.count * 8
    // Of an IPv4 address that is written as an IPv6 one, the bits before it count in what is written.
    let before = !address.isV6 && parts[0].utf8.contains(UInt8(ascii: ":")) ? 96 : 0
    guard parts.count == 2 else {
      self.init(address, prefix: most)
      return
    }
    guard (1...3).contains(parts[1].utf8.count), parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      parts[1].utf8.count == 1 || parts[1].utf8.first != 0x30, let prefix = Int(parts[1]), prefix >= before,
      prefix <= before + most
    else { return nil }
    self.init(address, prefix: prefix - before)
    guard first == address else { return nil }
  }

  public func contains(_ address: IPAddress) -> Bool {
    guard address.bytes.count == first.bytes.count else { return false }
    for index in first.bytes.indices {
      let kept = min(max(prefix - index * 8, 0), 8)
      guard kept > 0 else { return true }
      let mask: UInt8 = 0xFF << UInt8(8 - kept)
      if address.bytes[index] & mask != first.bytes[index] { return false }
    }
    return true
  }

  /// `192.0.2.1` for a single address, else `2001:db8::/64`.
  public var description: String {
    prefix == first.bytes.count * 8 ? first.description : "\(first)/\(prefix)"
  }
}
