import NetworkAddress

/// Which peers are proxies that say whom they speak for, and how.
///
/// Only what a trusted proxy says is believed. It adds at the right, so the list is gone through from there: the first
/// address that is no trusted proxy is the client, whatever stands further left, which the client may have made up.
public struct TrustedProxies: Sendable, Equatable {
  /// The header that the proxies add to. One alone: of another, which they let through as it comes, all is the client's.
  public enum Header: String, Sendable, CaseIterable {
    /// X-Forwarded-For.
    case xForwardedFor = "x-forwarded-for"
    /// RFC 7239.
    case forwarded
    /// No header is believed.
    case none
  }

  /// The addresses of the proxies.
  public var blocks: [AddressBlock]
  /// The header that is believed of them.
  public var header: Header
  /// Every connection of a trusted proxy begins with a header of the PROXY protocol, version 1 or 2.
  public var usesProxyProtocol: Bool

  /// More proxies than any request goes through.
  static let mostHops = 32

  /// Makes the proxies of these addresses, and what is believed of them.
  public init(
    _ blocks: [AddressBlock] = [], header: Header = .xForwardedFor, usesProxyProtocol: Bool = false
  ) {
    self.blocks = blocks
    self.header = header
    self.usesProxyProtocol = usesProxyProtocol
  }

  func trusts(_ address: IPAddress) -> Bool { blocks.contains { $0.contains(address) } }

  /// The client of a request that came from this peer.
  ///
  /// - Parameter values: the header's fields, in their order.
  func client(behind peer: IPAddress, _ values: [String]) -> IPAddress {
    reading(behind: peer, values).client
  }

  /// What the header says of who is behind a peer.
  struct Reading: Equatable {
    var client: IPAddress
    /// It is a trusted proxy, which names somebody without an address: all whom it speaks for are one client.
    var isUnnamed = false
  }

  /// The same, and whether the client is only a proxy because what that one says is no address.
  func reading(behind peer: IPAddress, _ values: [String]) -> Reading {
    var known = peer
    for hop in hops(values).prefix(Self.mostHops) {
      guard trusts(known) else { break }
      guard let hop else { return Reading(client: known, isUnnamed: true) }
      known = hop
    }
    return Reading(client: known)
  }

  /// What the header names, the last proxy's word first; nil for what is no address.
  private func hops(_ values: [String]) -> [IPAddress?] {
    switch header {
    case .none: []
    case .xForwardedFor: ForwardedForHeader.hops(values)
    case .forwarded: ForwardedHeader.hops(values)
    }
  }
}
