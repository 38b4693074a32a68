/// The way back to a client: a WebSocket's channel, or anything else that can take responses.
public protocol ClientConnection: AnyObject, Sendable {
  /// Unique within the gateway.
  var connectionID: ConnectionID { get }

  /// Hands over a message for the client. Must not wait: an implementation bounds its own queue and closes
  /// itself when the client does not keep up. Messages from one task arrive in the order of the calls.
  func push(_ response: Response)

  /// Returns once the client has taken enough of what was pushed that a part of a stream may follow, or is gone; also
  /// when the task is cancelled. Asked before each part, so that a stream is as fast as its reader.
  func waitForRoom() async
}

extension ClientConnection {
  /// Of a connection that takes everything at once.
  public func waitForRoom() async {}
}

/// Names one client connection of a gateway.
public struct ConnectionID: Hashable, Sendable, CustomStringConvertible {
  /// The number, which no other connection of this process has.
  public let number: UInt64

  /// Makes the id of this number.
  public init(_ number: UInt64) { self.number = number }

  public var description: String { "connection \(number)" }
}
