#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A numeric address, 4 or 16 bytes. An IPv4 address written as an IPv6 one (`::ffff:192.0.2.1`) is the IPv4 address.
public struct IPAddress: Hashable, Sendable, CustomStringConvertible {
  public let bytes: [UInt8]

  private static let mappedPrefix: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
  /// The longest text is an IPv6 address that ends as an IPv4 one.
  private static let mostTextBytes = 45

  /// nil unless there are 4 or 16 bytes.
  public init?(bytes: [UInt8]) {
    guard bytes.count == 4 || bytes.count == 16 else { return nil }
    self.bytes = bytes.count == 16 && bytes.starts(with: Self.mappedPrefix) ? Array(bytes.suffix(4)) : bytes
  }

  /// nil for a name, and for the short forms of an IPv4 address that only some programs understand. A zone of an IPv6
  /// address (`%eth0`) is not taken.
  public init?(_ text: some StringProtocol) {
    let text = text.utf8
    guard !text.isEmpty, text.count <= Self.mostTextBytes, text.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      return nil
    }
    let isV6 = text.contains(UInt8(ascii: ":"))
    var bytes = [UInt8](repeating: 0, count: isV6 ? 16 : 4)
    let terminated = text.map { CChar(bitPattern: $0) } + [0]
    guard inet_pton(isV6 ? AF_INET6 : AF_INET, terminated, &bytes) == 1 else { return nil }
    self.init(bytes: bytes)
  }

  public var isV6: Bool { bytes.count == 16 }

  public var isLoopback: Bool {
    isV6 ? bytes.dropLast().allSatisfy { $0 == 0 } && bytes[15] == 1 : bytes[0] == 127
  }

  /// Whom the address stands for where clients are counted: itself, or the /64 network of an IPv6 address, of which one
  /// client commonly has all.
  public var client: AddressBlock { AddressBlock(self, prefix: isV6 ? 64 : 32) }

  public var description: String {
    var text = [CChar](repeating: 0, count: 64)
    guard inet_ntop(isV6 ? AF_INET6 : AF_INET, bytes, &text, socklen_t(text.count)) != nil else { return "" }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
