import GenAPIGateway
import GenAPIValue
import Synchronization

/// A client in this process: one user, one connection at a time.
final class DemoClient: Sendable {
  let userID: ByteText
  let gateway: Gateway
  private let identity: ClientIdentity
  private let requests = Atomic<Int>(0)
  private let connection: Mutex<LocalConnection>

  init(userID: ByteText, roles: [ByteText] = [], gateway: Gateway) {
    self.userID = userID
    self.gateway = gateway
    identity = ClientIdentity(
      userID: userID, deviceID: "device_\(userID)", roles: roles, ipAddress: "127.0.0.1")
    connection = Mutex(LocalConnection(gateway.newConnectionID()))
  }

  func connect() {
    let connection = LocalConnection(gateway.newConnectionID())
    self.connection.withLock { $0 = connection }
    gateway.connectionOpened(connection.connectionID, transport: "local", identity: identity)
    gateway.channelJoined("api:lobby", on: connection.connectionID)
  }

  func disconnect(reason: ByteText) {
    gateway.connectionClosed(connection.withLock { $0.connectionID }, reason: reason)
  }

  /// Sends a request as a client would, as a payload.
  func call(_ service: ByteText, _ requestType: ByteText, _ args: ValueObject = [:], version: ByteText? = nil)
    async
  {
    let number = requests.wrappingAdd(1, ordering: .relaxed).oldValue
    var payload: ValueObject = [
      "service": .string(service), "request_type": .string(requestType),
      "request_id": .string("\(userID)-\(number)"), "args": .object(args),
    ]
    payload["version"] = version.map(Value.string)
    _ = await gateway.handle(.object(payload), from: identity, on: connection.withLock { $0 })
  }
}

/// Takes what the gateway sends and counts it.
final class LocalConnection: ClientConnection {
  let connectionID: ConnectionID
  private let received = Atomic<Int>(0)

  init(_ id: ConnectionID) { connectionID = id }

  func push(_ response: Response) { received.wrappingAdd(1, ordering: .relaxed) }
}
