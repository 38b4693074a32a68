import GenAPIValue

/// A request failed: what its client reads of it.
public struct ResponseError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The response's `error`.
  public var message: ByteText
  /// True when the same request may succeed later.
  public var canRetry: Bool

  public init(message: ByteText, canRetry: Bool = false) {
    self.message = message
    self.canRetry = canRetry
  }

  public var description: String { message.string }
}
