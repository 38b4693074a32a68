import Benchmark
import GenAPIGateway
import GenAPITelemetry
import GenAPIValue

/// A relay group with so many members, each on a connection of its own.
final class Group: Sendable {
  let relay: Relay
  private let id: ByteText
  private let inboxes: [Inbox]

  init(_ members: Int, named id: ByteText = "g", on relay: Relay? = nil) throws {
    self.id = id
    self.relay = relay ?? Relay(bus: TelemetryBus(node: "bench"), clock: SystemTime(), limits: RelayLimits())
    inboxes = (0..<members).map { Inbox(UInt64(members + $0)) }
    try self.relay.createGroup(groupID: id, type: .public, creator: "u_0", connection: inboxes[0])
    for index in 1..<members {
      try self.relay.join(groupID: id, userID: "u_\(index)", connection: inboxes[index])
    }
  }

  func send() throws { blackHole(try relay.send(groupID: id, from: "u_0", message: "hello", requestID: "r")) }
}
