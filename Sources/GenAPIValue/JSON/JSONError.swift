/// Why text is not JSON.
public struct JSONError: Error, Equatable, CustomStringConvertible {
  public var message: String
  /// Where in the input, in bytes from its start.
  public var offset: Int

  public init(_ message: String, offset: Int) {
    self.message = message
    self.offset = offset
  }

  public var description: String { "\(message) at byte \(offset)" }
}
