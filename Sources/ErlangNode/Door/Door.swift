import Listening
import NIOCore
import NetworkAddress

/// How many connections may be open that have not proved yet, by the cookie, who they are.
///
/// A value without I/O: whoever comes enters, and leaves when the handshake is over, however it ends. Where there is no
/// room the oldest gives way: a node's handshake takes as long as its packets, a stranger's as long as it is let.
struct Door {
  private let limit: Int
  private let limitPerAddress: Int
  /// In the order in which they came; never more than `limit`, so it is searched from the front.
  private var inside: [(ticket: UInt64, address: String)] = []
  private var lastTicket: UInt64 = 0

  init(limit: Int, limitPerAddress: Int) {
    self.limit = max(1, limit)
    self.limitPerAddress = max(1, limitPerAddress)
  }

  var count: Int { inside.count }

  /// - Parameter most: how many may be inside now, when that is less than usual.
  /// - Returns: what to leave with, and who have to leave now to make room: one, or as many as are more than `most`.
  mutating func enter(_ address: String, most: Int? = nil) -> (ticket: UInt64, leaving: [UInt64]) {
    var leaving: [UInt64] = []
    func ask(_ ticket: UInt64?) {
      guard let ticket else { return }
      leave(ticket)
      leaving.append(ticket)
    }
    if count(of: address) >= limitPerAddress { ask(oldest(of: address)) }
    while count >= max(1, min(limit, most ?? limit)) { ask(oldest(of: crowdedAddress)) }
    lastTicket += 1
    inside.append((lastTicket, address))
    return (lastTicket, leaving)
  }

  mutating func leave(_ ticket: UInt64) { inside.removeAll { $0.ticket == ticket } }

  /// How many of an address are inside.
  func count(of address: String) -> Int { inside.count { $0.address == address } }

  private func oldest(of address: String) -> UInt64? { inside.first { $0.address == address }?.ticket }

  /// The address that has most inside; of several the one whose oldest has been there longest.
  private var crowdedAddress: String {
    let counts = Dictionary(inside.map { ($0.address, 1) }, uniquingKeysWith: +)
    let most = counts.values.max() ?? 0
    return inside.first { counts[$0.address] == most }?.address ?? ""
  }

  /// What connections are counted by: an IPv4 address, or the network of an IPv6 one, of which one host has all.
  static func countedAddress(of address: SocketAddress?) -> String {
    address.flatMap { IPAddress($0) }?.client.description ?? "unknown"
  }
}
