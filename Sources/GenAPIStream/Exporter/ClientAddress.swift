import Listening
import NIOCore
import NetworkAddress

/// Whom a connection comes from, as far as shares are concerned: a client's addresses, or the Unix socket.
struct ClientAddress: Hashable, Sendable {
  private let block: AddressBlock?

  init(_ address: SocketAddress?) { block = address.flatMap { IPAddress($0) }?.client }
}
