import ErlangNode
import GenAPIStream
import GenAPIValue
import NIOCore

/// All the places at which one configuration listens: two listeners at one place cannot both open.
struct ListenerAddresses {
  private struct Place {
    var key: String
    var address: ListenAddress
  }

  private var places: [Place] = []

  mutating func add(_ key: String, _ address: ListenAddress) {
    places.append(Place(key: key, address: address))
  }

  /// A fault for every listener at a place that is taken by one before it.
  func check(_ reader: inout ServerSettingReader) {
    for (index, place) in places.enumerated() {
      guard let other = places[..<index].first(where: { Self.meet($0.address, place.address) }) else {
        continue
      }
      // Whoever set one of them, and left the other as it is, finds the line of that one.
      let isFirstMeant = !reader.isSet(place.key) && reader.isSet(other.key)
      let (wrong, taken) = isFirstMeant ? (other, place) : (place, other)
      reader.fault(
        wrong.key,
        wrong.key == taken.key
          ? "\(wrong.address) is there twice" : "\(wrong.address) is taken by \(taken.key), \(taken.address)")
    }
  }

  private static func meet(_ one: ListenAddress, _ other: ListenAddress) -> Bool {
    switch (one, other) {
    case (.unix(let one), .unix(let other)): one.utf8.elementsEqual(other.utf8)
    case (.tcp(let oneHost, let onePort), .tcp(let otherHost, let otherPort)):
      onePort == otherPort && onePort != 0 && meet(host: oneHost, otherHost)
    default: false
    }
  }

  /// Names are not looked up: what they mean may differ where and when the server starts.
  private static func meet(host one: String, _ other: String) -> Bool {
    let (first, second) = (
      try? SocketAddress(ipAddress: one, port: 0), try? SocketAddress(ipAddress: other, port: 0)
    )
    guard let first, let second else {
      return first == nil && second == nil && ByteText(one.lowercased()) == ByteText(other.lowercased())
    }
    if first == second { return true }
    // Every address of a family is each of them.
    return first.protocol == second.protocol
      && [first, second].contains { ["0.0.0.0", "::"].contains($0.ipAddress) }
  }
}

extension ServerConfiguration {
  /// Everywhere a server of it listens, with the setting that says so.
  var listeners: [(key: String, address: ListenAddress)] {
    var places: [(key: String, address: ListenAddress)] = [
      ("websocket.listen", .tcp(host: websocket.host, port: websocket.port))
    ]
    places += telemetry.addresses.map { ("telemetry.listen", $0) }
    if let (host, port) = health { places.append(("health.listen", .tcp(host: host, port: port))) }
    if let controlPath { places.append(("health.socket", .unix(path: controlPath))) }
    if let node = cluster?.node, let host = node.listeningHost {
      places.append(("cluster.listen_port", .tcp(host: host.string, port: node.listenPort)))
    }
    return places
  }

  /// Hosts that cannot be, paths that are too long, and places that are taken: what else a start would stumble on.
  func checkListeners(_ reader: inout ServerSettingReader) {
    var places = ListenerAddresses()
    for (key, address) in listeners { places.add(key, address) }
    places.check(&reader)
  }
}
