import GenAPIGateway
import GenAPIValue
import Locking

/// A client in this process: one user, one connection at a time.
final class DemoClient: Sendable {
  let userID: ByteText
  let gateway: Gateway
  private let identity: ClientIdentity
  private let requests = Atomic<Int>(0)
  private struct Session {
    var socket: ConnectionID
    /// Of its topic: what its requests come from.
    var connection: LocalConnection
  }

  private let session: Mutex<Session>

  init(userID: ByteText, roles: [ByteText] = [], gateway: Gateway) {
    self.userID = userID
    self.gateway = gateway
    identity = ClientIdentity(
      userID: userID, deviceID: "device_\(userID)", roles: roles, ipAddress: "127.0.0.1")
    let socket = gateway.newConnectionID()
    session = Mutex(Session(socket: socket, connection: LocalConnection(socket)))
  }

  func connect() {
    let socket = gateway.newConnectionID()
    gateway.connectionOpened(socket, transport: "local", identity: identity)
    let channel = gateway.channelOpened("api:lobby", on: socket)
    session.withLock { $0 = Session(socket: socket, connection: LocalConnection(channel)) }
  }

  func disconnect(reason: ByteText) {
    gateway.connectionClosed(session.withLock { $0.socket }, reason: reason)
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
    _ = await gateway.handle(.object(payload), from: identity, on: session.withLock { $0.connection })
  }
}

/// Takes what the gateway sends and counts it.
final class LocalConnection: ClientConnection {
  let connectionID: ConnectionID
  private let received = Atomic<Int>(0)

  init(_ id: ConnectionID) { connectionID = id }

  func push(_ response: Response) { received.wrappingAdd(1, ordering: .relaxed) }
}
