import GenAPIValue

/// Where a gateway exports its stream: `gw1`, `gw1:4710`, `[::1]:4710` or `unix:/run/genapi.sock`.
public struct StreamTarget: Sendable, Hashable, CustomStringConvertible {
  public enum Address: Sendable, Hashable {
    case tcp(host: String, port: Int)
    case unix(path: String)
  }

  public var address: Address
  /// Sent with `subscribe` when set.
  public var token: ByteText?

  public init(_ address: Address, token: ByteText? = nil) {
    self.address = address
    self.token = token
  }

  public init(
    host: String = StreamProtocol.defaultHost, port: Int = StreamProtocol.defaultPort, token: ByteText? = nil
  ) {
    self.init(.tcp(host: host, port: port), token: token)
  }

  /// Reads a target as a person writes it; the port is 4710 unless given.
  ///
  /// - Throws: `StreamTargetError` that says what is wrong and what would be right.
  public init(parsing text: String, token: ByteText? = nil) throws(StreamTargetError) {
    self.init(try Self.address(of: text), token: token)
  }

  private static func address(of text: String) throws(StreamTargetError) -> Address {
    if text.isEmpty { throw StreamTargetError(text, "is empty") }
    if text.hasPrefix("unix:") {
      let path = String(text.dropFirst("unix:".count))
      if path.isEmpty { throw StreamTargetError(text, "names no path") }
      // sun_path has 108 bytes on Linux and 104 on macOS, with the final zero.
      if path.utf8.count > 103 { throw StreamTargetError(text, "has a path of more than 103 bytes") }
      return .unix(path: path)
    }
    if text.contains(where: \.isWhitespace) { throw StreamTargetError(text, "has a space in it") }
    if text.contains("/") { throw StreamTargetError(text, "has a slash in it") }
    if text.hasPrefix("[") {
      guard let end = text.firstIndex(of: "]") else { throw StreamTargetError(text, "has no closing ]") }
      let host = String(text[text.index(after: text.startIndex)..<end])
      if !host.contains(":") { throw StreamTargetError(text, "has no IPv6 address between [ and ]") }
      let rest = text[text.index(after: end)...]
      if rest.isEmpty { return .tcp(host: host, port: StreamProtocol.defaultPort) }
      guard rest.hasPrefix(":") else { throw StreamTargetError(text, "has \"\(rest)\" after the ]") }
      return .tcp(host: host, port: try port(rest.dropFirst(), of: text))
    }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    if parts.count > 2 {
      throw StreamTargetError(text, "has more than one colon; an IPv6 address goes in brackets")
    }
    if parts[0].isEmpty { throw StreamTargetError(text, "names no host") }
    let host = String(parts[0])
    if parts.count == 1 { return .tcp(host: host, port: StreamProtocol.defaultPort) }
    return .tcp(host: host, port: try port(parts[1], of: text))
  }

  private static func port(_ digits: Substring, of text: String) throws(StreamTargetError) -> Int {
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = Int(digits),
      (1...65_535).contains(port)
    else { throw StreamTargetError(text, "has the port \"\(digits)\"; a port is 1 … 65535") }
    return port
  }

  /// As `init(parsing:)` reads it. Never shows the token.
  public var description: String {
    switch address {
    case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    case .unix(let path): "unix:\(path)"
    }
  }
}

/// A target that cannot be read.
public struct StreamTargetError: Error, Sendable, Equatable, CustomStringConvertible {
  public var text: String
  public var problem: String

  init(_ text: String, _ problem: String) {
    self.text = text
    self.problem = problem
  }

  public var description: String {
    "the target \"\(text)\" \(problem); write host, host:port, [IPv6]:port or unix:/path"
  }
}
