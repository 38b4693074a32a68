import ErlangNode
import Foundation
import GenAPIValue
import NIOCore
import NIOPosix

/// Where the names of a cluster's nodes come from.
public enum DiscoverySource: Sendable, Equatable {
  /// Always these.
  case nodes([ByteText])
  /// A file with a node a line; empty lines and lines that begin with # are skipped. Read anew each time.
  case file(ByteText)
  /// `name@host`: a node of this name on every address that the host's name has.
  case dns(ByteText)

  /// The nodes it lists now, each once, at most `maximum`.
  ///
  /// - Throws: `DiscoveryError` naming the source and what is wrong.
  public func list(maximum: Int = 1_000) async throws(DiscoveryError) -> [ByteText] {
    let found: [ByteText]
    switch self {
    case .nodes(let nodes): found = nodes
    case .file(let path): found = try Self.read(path)
    case .dns(let name): found = try await Self.resolve(name)
    }
    var seen = Set<ByteText>()
    return Array(found.filter { seen.insert($0).inserted }.prefix(maximum))
  }

  /// The names in a file of seeds.
  package static func read(_ path: ByteText) throws(DiscoveryError) -> [ByteText] {
    let text: ByteText
    do throws(TextFile.Failure) {
      text = try ByteText(TextFile.readPlain(path.string))
    } catch {
      throw DiscoveryError(source: path, reason: ByteText(error.description))
    }
    var nodes: [ByteText] = []
    for (number, line) in text.split(separator: UInt8(ascii: "\n")).enumerated() {
      let name = ByteText(line.string.trimmingCharacters(in: .whitespacesAndNewlines))
      if name.isEmpty || name.hasPrefix("#") { continue }
      guard NodeName(name) != nil else {
        throw DiscoveryError(
          source: path, reason: "line \(number + 1) must be name@host, not \"\(name.cut(bytes: 64))\"")
      }
      nodes.append(name)
    }
    return nodes
  }

  private static func resolve(_ text: ByteText) async throws(DiscoveryError) -> [ByteText] {
    guard let name = NodeName(text) else {
      throw DiscoveryError(source: text, reason: "must be name@host")
    }
    let found: [ByteText]
    do {
      // Looking a name up blocks, so it has a thread of its own.
      found = try await NIOThreadPool.singleton.runIfActive { () throws -> [ByteText] in
        try Self.addresses(of: name.host)
      }
    } catch {
      throw DiscoveryError(source: text, reason: "cannot be looked up: \(error)")
    }
    return found.map { "\(name.alive)@\($0)" }
  }

  private static func addresses(of host: ByteText) throws -> [ByteText] {
    var hints = addrinfo()
    hints.ai_family = AF_UNSPEC
    // One entry an address, not one for each kind of socket.
    hints.ai_protocol = Int32(IPPROTO_TCP)
    var first: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(host.string, nil, &hints, &first)
    guard code == 0, let first else {
      throw DiscoveryError(source: host, reason: ByteText(String(cString: gai_strerror(code))))
    }
    // The list lives until it is freed here; every entry is read before.
    defer { freeaddrinfo(first) }
    var addresses: [ByteText] = []
    var next: UnsafeMutablePointer<addrinfo>? = first
    while let entry = next {
      var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
      if getnameinfo(
        entry.pointee.ai_addr, entry.pointee.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
        == 0
      {
        addresses.append(
          ByteText(String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)))
      }
      next = entry.pointee.ai_next
    }
    return addresses
  }
}

/// Why a source gave no list.
public struct DiscoveryError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The source that failed.
  public var source: ByteText
  /// Why, for operators.
  public var reason: ByteText

  public var description: String { "\(source) \(reason)" }
}
