/// An argument could not be read as its type: the client's mistake.
struct UnreadArgument: Error {
  var error: ArgumentError
}

/// An `ArgumentError` that an endpoint's function threw of its own, which is a failure as any other.
struct ThrownArgumentError: Error, CustomStringConvertible {
  var error: ArgumentError

  var description: String { "it threw an ArgumentError: \(error.description)" }
}
