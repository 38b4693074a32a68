import Foundation
import Listening
import Logging
import OutsideText

/// How a Swift program takes part in an Erlang cluster.
public struct LocalNodeConfiguration: Sendable {
  /// `name@host`, as Erlang's long names are; `host` may be an address.
  public var name: ByteText
  /// What other nodes must have too.
  public var cookie: Cookie
  /// Where to listen; nil takes the name's host when that is an address, else every address.
  public var listenHost: ByteText?
  /// 0 lets the system choose.
  public var listenPort = 0
  /// nil neither registers nor asks: then every peer needs an entry in `fixedPorts`.
  public var epmd: EpmdClient? = EpmdClient(
    port: ProcessInfo.processInfo.environment["ERL_EPMD_PORT"].flatMap(Int.init) ?? EpmdClient.standardPort)
  /// How long `start` waits for an epmd that is not there yet, at most 1 h. Default 0: it fails at once.
  public var epmdWait = Duration.zero
  /// Ports of nodes that are not asked for at epmd, by name.
  public var fixedPorts: [ByteText: Int] = [:]
  /// A visible node is in everybody's `nodes()`, and takes part in `global`'s locks.
  public var isHidden = true
  /// How long a connection may be without a byte before it is given up; Erlang's net_ticktime. 100 ms … 24 h, default 60 s.
  public var tickTime = Duration.seconds(60)
  /// How long a handshake may take: 1 ms … 1 h, default 7 s.
  public var handshakeTimeout = Duration.seconds(7)
  /// Connections that may be open at one time and have not proved yet that they know the cookie; the oldest gives way.
  public var maxHandshakes = 128
  /// The same of one address, or of one IPv6 network.
  public var maxHandshakesPerAddress = 32
  /// Bytes of one message, in either direction.
  public var maxMessageBytes = 128 << 20
  /// Bytes that may wait to be sent to one node; more is refused.
  public var outgoingBytes = 64 << 20
  /// Calls under way at one time, in either direction.
  public var maxCalls = 100_000
  /// Calls of one other node that run here at one time.
  public var maxCallsPerNode = 20_000
  /// Nodes connected at one time.
  public var maxPeers = 1_000
  /// False for a name of a fixed set that others may have: a connection under it that lives does not give way, and another is tried.
  package var takesOverName = true
  /// nil speaks without encryption; what is here is used at both ends, as `inet_tls_dist` has it: `TLS` of GenAPITLS.
  public var tls: (any TransportEncryption)?
  /// Where the node logs.
  public var logger = Logger(label: "erlang.node")

  /// Makes the settings of a node; the others have defaults.
  public init(name: ByteText, cookie: Cookie) {
    self.name = name
    self.cookie = cookie
  }

  /// Where it listens; nil for a name that is none.
  public var listeningHost: ByteText? {
    guard let host = NodeName(name)?.host else { return nil }
    let isAddress =
      host.utf8.contains(UInt8(ascii: ":"))
      || host.utf8.allSatisfy {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: ".")
      }
    return listenHost ?? (isAddress ? host : "0.0.0.0")
  }
}
