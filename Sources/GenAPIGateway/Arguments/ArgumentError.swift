import GenAPIValue

/// A client's mistake in an argument. The client reads "Invalid argument: …".
///
/// An initialiser of a type that is an argument throws it, and a function that is registered by name, which reads its arguments itself.
/// The function of an `Endpoint` has its arguments already: what it throws of its own is a failure, of which the client reads nothing;
/// a `FunctionError` with `isForClient` tells the client.
public struct ArgumentError: Error, Equatable, CustomStringConvertible {
  public var description: String

  /// Makes an error with what a client is told.
  public init(_ description: ByteText) { self.description = description.string }
}
