import GenAPIValue

/// A client's mistake in an argument. The client reads "Invalid argument: …".
public struct ArgumentError: Error, Equatable, CustomStringConvertible {
  public var description: String

  public init(_ description: ByteText) { self.description = description.string }
}
