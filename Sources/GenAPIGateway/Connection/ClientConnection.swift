/// The way back to a client: a WebSocket's channel, or anything else that can take responses.
public protocol ClientConnection: AnyObject, Sendable {
  /// Unique within the gateway.
  var connectionID: ConnectionID { get }

  /// Hands over a message for the client. Must not wait: an implementation bounds its own queue and closes
  /// itself when the client does not keep up. Messages from one task arrive in the order of the calls.
  func push(_ response: Response)
}

/// Names one client connection of a gateway.
public struct ConnectionID: Hashable, Sendable, CustomStringConvertible {
  public let number: UInt64

  public init(_ number: UInt64) { self.number = number }

  public var description: String { "connection \(number)" }
}
