import GenAPITelemetry
import GenAPIValue

/// Why a server refuses to go on, for programs. The message beside it is for people.
public struct StreamErrorCode: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
  public var rawValue: ByteText

  public init(rawValue: ByteText) { self.rawValue = rawValue }

  /// The line is no JSON object.
  public static let malformed = StreamErrorCode(rawValue: "malformed")
  /// The line is longer than `StreamProtocol.maximumLineBytes`.
  public static let tooLong = StreamErrorCode(rawValue: "too_long")
  /// A client sent a type of frame that clients do not send.
  public static let unknownFrame = StreamErrorCode(rawValue: "unknown_frame")
  /// A field is missing, of the wrong type or out of range.
  public static let badField = StreamErrorCode(rawValue: "bad_field")
  /// A client asked for an encoding that is not offered.
  public static let unsupportedEncoding = StreamErrorCode(rawValue: "unsupported_encoding")
  /// The token is missing or wrong.
  public static let unauthorized = StreamErrorCode(rawValue: "unauthorized")
  /// As many clients are subscribed as may be.
  public static let tooManySubscribers = StreamErrorCode(rawValue: "too_many_subscribers")
  /// The connection showed no token and had to give way, or its address has sent too many wrong ones.
  public static let tooManyStrangers = StreamErrorCode(rawValue: "too_many_strangers")
  /// A client sent more than clients have to say, see `docs/stream.md`.
  public static let tooMuch = StreamErrorCode(rawValue: "too_much")
  /// Nothing came for `StreamProtocol.idleTimeoutMs`.
  public static let silent = StreamErrorCode(rawValue: "silent")
  /// The client took nothing of what was written to it for too long.
  public static let stalled = StreamErrorCode(rawValue: "stalled")
  /// The gateway is not the server itself, and was lost: it did not say bye.
  public static let gone = StreamErrorCode(rawValue: "gone")

  public var description: String { rawValue.string }
}

/// A frame that cannot be read, and why: what the `error` frame that answers it says.
public struct FrameError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong, for programs.
  public var code: StreamErrorCode
  /// What is wrong, for people.
  public var message: ByteText

  /// - Parameter message: at most 1 kB of it is kept, since it may repeat what the other side sent.
  public init(_ code: StreamErrorCode, _ message: ByteText) {
    self.code = code
    self.message = message.cut(bytes: TextLimit.text)
  }

  public var description: String { "\(code): \(message)" }
}
