import GenAPIValue
import NetworkAddress

/// Where a gateway exports its stream: `gw1`, `gw1:4710`, `[::1]:4710` or `unix:/run/genapi.sock`.
public struct StreamTarget: Sendable, Hashable, CustomStringConvertible {
  /// Where a gateway can listen.
  public enum Address: Sendable, Hashable {
    /// A TCP port.
    case tcp(host: String, port: Int)
    /// A Unix socket.
    case unix(path: String)
  }

  /// Where the gateway listens.
  public var address: Address
  /// Sent with `subscribe` when set.
  public var token: ByteText?

  /// How people know it, where that is not its address: a gateway that is exported by this program.
  package var label: String?

  /// Makes a target of an address, and the token that its gateway wants.
  public init(_ address: Address, token: ByteText? = nil) {
    self.address = address
    self.token = token
  }

  /// Makes a target of a host and a port.
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
    do throws(HostPort.Fault) {
      let hostPort = try HostPort(text, ports: 1...65_535)
      return .tcp(host: hostPort.host, port: hostPort.port ?? StreamProtocol.defaultPort)
    } catch {
      throw StreamTargetError(text, problem(error))
    }
  }

  private static func problem(_ fault: HostPort.Fault) -> String {
    switch fault {
    case .noHost: "names no host"
    case .noClosingBracket: "has no closing ]"
    case .noAddressInBrackets: "has no IPv6 address between [ and ]"
    case .severalColons: "has more than one colon; an IPv6 address goes in brackets"
    case .behindBracket(let rest): "has \"\(rest)\" after the ]"
    case .port(let digits): "has the port \"\(digits)\"; a port is 1 … 65535"
    }
  }

  /// As `init(parsing:)` reads it. Never shows the token.
  public var description: String {
    if let label { return label }
    return switch address {
    case .tcp(let host, let port): HostPort(host: host, port: port).description
    case .unix(let path): "unix:\(path)"
    }
  }
}

/// A target that cannot be read.
public struct StreamTargetError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What was given.
  public var text: String
  /// What is wrong with it, for people.
  public var problem: String

  init(_ text: String, _ problem: String) {
    self.text = text
    self.problem = problem
  }

  public var description: String {
    "the target \"\(text)\" \(problem); write host, host:port, [IPv6]:port or unix:/path"
  }
}
