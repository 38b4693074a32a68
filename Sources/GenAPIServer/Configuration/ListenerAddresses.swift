import ErlangNode
import Foundation
import GenAPIStream
import GenAPIValue
import NIOCore
import NetworkAddress

/// All the addresses at which one configuration listens: two listeners at one address cannot both open.
struct ListenerAddresses {
  private struct Listener {
    var key: String
    var address: ListenAddress
  }

  private var listeners: [Listener] = []

  mutating func add(_ key: String, _ address: ListenAddress) {
    listeners.append(Listener(key: key, address: address))
  }

  /// A fault for every listener at an address that is taken by one before it.
  func check(_ reader: inout ServerSettingReader) {
    for (index, listener) in listeners.enumerated() {
      guard let other = listeners[..<index].first(where: { Self.meet($0.address, listener.address) }) else {
        continue
      }
      // Whoever set one of them, and left the other as it is, finds the line of that one.
      let isFirstMeant = !reader.isSet(listener.key) && reader.isSet(other.key)
      let (wrong, taken) = isFirstMeant ? (other, listener) : (listener, other)
      reader.fault(
        wrong.key,
        wrong.key == taken.key
          ? Self.twice(wrong.address, taken.address)
          : "\(wrong.address) is taken by \(taken.key), \(taken.address)")
    }
  }

  /// Two of one list.
  private static func twice(_ one: ListenAddress, _ other: ListenAddress) -> String {
    one == other ? "\(one) is there twice" : "\(one) is taken by \(other) of the same list"
  }

  private static func meet(_ one: ListenAddress, _ other: ListenAddress) -> Bool {
    switch (one, other) {
    case (.unix(let one), .unix(let other)): plain(path: one).utf8.elementsEqual(plain(path: other).utf8)
    case (.tcp(let oneHost, let onePort), .tcp(let otherHost, let otherPort)):
      onePort == otherPort && onePort != 0 && meet(host: oneHost, otherHost)
    default: false
    }
  }

  /// One spelling of a path: a socket lies in its folder, whatever links and dots lead there.
  private static func plain(path: String) -> String {
    let file = (path as NSString).lastPathComponent
    let folder = (path as NSString).deletingLastPathComponent
    guard let real = realpath(folder.isEmpty ? "." : folder, nil) else {
      return (path as NSString).standardizingPath
    }
    defer { free(real) }
    return (String(cString: real) as NSString).appendingPathComponent(file)
  }

  /// The address that a name of this machine itself has here: what a listener binds to. Other names are not looked up: what they mean
  /// may differ where and when the server starts.
  private static func literal(_ host: String) -> String {
    guard ByteText(host.lowercased()) == "localhost" else { return host }
    return (try? SocketAddress.makeAddressResolvingHost(host, port: 0))?.ipAddress ?? "127.0.0.1"
  }

  private static func meet(host one: String, _ other: String) -> Bool {
    let (one, other) = (literal(one), literal(other))
    let (first, second) = (
      try? SocketAddress(ipAddress: one, port: 0), try? SocketAddress(ipAddress: other, port: 0)
    )
    guard let first, let second else {
      return first == nil && second == nil && ByteText(one.lowercased()) == ByteText(other.lowercased())
    }
    if first == second { return true }
    // `::ffff:127.0.0.1` is 127.0.0.1 in another form, and takes its port.
    if let first = IPAddress(one), let second = IPAddress(other), !first.isV6, !second.isV6 {
      return first == second || [first, second].contains { $0.bytes.allSatisfy { $0 == 0 } }
    }
    // Every address of a family is each of them.
    return first.protocol == second.protocol
      && [first, second].contains { ["0.0.0.0", "::"].contains($0.ipAddress) }
  }
}

extension ServerConfiguration {
  /// Everywhere a server of it listens, with the setting that says so.
  var listeners: [(key: String, address: ListenAddress)] {
    var found: [(key: String, address: ListenAddress)] = [
      ("websocket.listen", .tcp(host: websocket.host, port: websocket.port))
    ]
    found += telemetry.addresses.map { ("telemetry.listen", $0) }
    if let (host, port) = health { found.append(("health.listen", .tcp(host: host, port: port))) }
    if let controlPath { found.append(("health.socket", .unix(path: controlPath))) }
    if let node = cluster?.node, let host = node.listeningHost {
      found.append(("cluster.listen_port", .tcp(host: host.string, port: node.listenPort)))
    }
    return found
  }

  /// Ports at which something listens for IPv4.
  var portsOfIPv4: Set<Int> { Set(listeners.compactMap(\.address.ipv4Port)) }

  /// Hosts that cannot be, paths that are too long, and addresses that are taken: what else a start would stumble on.
  func checkListeners(_ reader: inout ServerSettingReader) {
    var addresses = ListenerAddresses()
    for (key, address) in listeners { addresses.add(key, address) }
    addresses.check(&reader)
  }
}
