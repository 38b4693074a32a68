import GenAPIValue

/// A client's mistake in an argument. The client reads "Invalid argument: …".
public struct ArgumentError: Error, Equatable, CustomStringConvertible {
  public var description: String

  /// Makes an error with what a client is told.
  public init(_ description: ByteText) { self.description = description.string }
}
