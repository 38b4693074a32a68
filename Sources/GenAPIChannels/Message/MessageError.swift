/// Why a frame is no message. The socket is closed with `closeCode`.
public struct MessageError: Error, Equatable, CustomStringConvertible {
  /// A WebSocket close code: 1003 for a form that is not understood, 1007 for text that is not valid,
  /// 1009 for one that would grow too large.
  public var closeCode: UInt16
  public var description: String

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
