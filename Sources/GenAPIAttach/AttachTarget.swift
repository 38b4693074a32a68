import ErlangNode
import Foundation
import OutsideText

/// A gateway of the Elixir library that is watched as it runs: `erlang:gateway@10.0.0.5`.
public struct AttachTarget: Sendable, Hashable, CustomStringConvertible {
  /// What such a target begins with.
  public static let prefix = "erlang:"

  /// The gateway's node.
  public var node: ByteText

  /// Reads a target as a person writes it.
  ///
  /// - Throws: `AttachTargetError` that says what is wrong.
  public init(parsing text: String) throws(AttachTargetError) {
    guard let rest = text.hasPrefix(Self.prefix) ? text.dropFirst(Self.prefix.count) : nil,
      let name = NodeName(ByteText(rest))
    else { throw AttachTargetError(text: text) }
    if Self.hasPort(name.host) { throw AttachTargetError(text: text, hasPort: true) }
    node = "\(name)"
  }

  /// `host:4369`, `[::1]:4369`: an address of version 6 has more colons, and no brackets in a node's name.
  private static func hasPort(_ host: ByteText) -> Bool {
    guard let colon = host.utf8.lastIndex(of: UInt8(ascii: ":")) else { return false }
    let before = host.utf8[..<colon]
    let after = host.utf8[host.utf8.index(after: colon)...]
    return !after.isEmpty && after.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      && (!before.contains(UInt8(ascii: ":")) || before.last == UInt8(ascii: "]"))
  }

  /// As `init(parsing:)` reads it.
  public var description: String { "\(Self.prefix)\(node)" }

  /// The name under which this program connects, of a small fixed set: the gateway never forgets a node's name. Its host is
  /// written as the gateway's is, long or short.
  func ownName(_ number: Int, hostName: String = ProcessInfo.processInfo.hostName) -> ByteText {
    let host = NodeName(node)?.host ?? ""
    let short = hostName.split(separator: ".").first.map(String.init) ?? "localhost"
    let own: String
    if host == "127.0.0.1" || host == "localhost" {
      own = host.string
    } else if host.utf8.contains(UInt8(ascii: ".")) {
      own = hostName.contains(".") ? hostName : "\(short).local"
    } else {
      own = short
    }
    return "genapi_top_\(number)@\(own)"
  }
}

/// A target that names no node.
public struct AttachTargetError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What was given.
  public var text: String
  /// A node's name has none: epmd of its host tells the port.
  public var hasPort = false

  public var description: String {
    hasPort
      ? "the target \"\(text)\" has a port, which no node's name has: epmd of its host tells it, at --epmd-port"
      : "the target \"\(text)\" names no node; write \(AttachTarget.prefix)name@host, such as erlang:gateway@10.0.0.5"
  }
}
