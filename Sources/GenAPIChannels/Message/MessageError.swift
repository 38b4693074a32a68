/// Why a frame is no message, or a message that is not taken.
public struct MessageError: Error, Equatable, CustomStringConvertible {
  /// A WebSocket close code that the socket ends with: 1003 for a form that is not understood, 1007 for text that is not
  /// valid, 1009 for one that would grow too large. nil when only the message itself is refused.
  public var closeCode: UInt16?
  public var description: String
  /// The message that is refused, with as much of its payload as could be read: whom to tell.
  public var message: PhoenixMessage?

  static func unsupported(_ description: String) -> MessageError {
    MessageError(closeCode: 1003, description: description)
  }

  static func tooLarge(_ description: String) -> MessageError {
    MessageError(closeCode: 1009, description: description)
  }

  static func malformed(_ description: String) -> MessageError {
    MessageError(closeCode: 1007, description: description)
  }
}
