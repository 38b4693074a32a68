import GenAPIValue

/// What a function gets when it is called.
public struct FunctionCall: Sendable {
  /// The reference's own arguments, then the request's, then the request info when the config asks for it.
  public var arguments: [Value]
  /// True when the last argument is the request info that the config asked for.
  public var hasRequestInfo: Bool
  /// The request behind the call; nil for calls between nodes.
  public var request: Request?
  /// The caller's connection, for functions that keep sending to it, such as joining a relay group.
  public var connection: (any ClientConnection)?
  /// Where a stream's parts go; nil unless the config's response type is stream.
  public var stream: StreamHandle?
  /// What a successful result goes through where the function ran; nil for nothing.
  public var resultEncoder: FunctionReference?

  /// Which of the arguments are times.
  package var times: [TimeArgument] = []
  /// Its result is a list of function configs, as a pull asks for them.
  package var asksForConfigs = false

  public init(
    arguments: [Value] = [], hasRequestInfo: Bool = false, request: Request? = nil,
    connection: (any ClientConnection)? = nil, stream: StreamHandle? = nil,
    resultEncoder: FunctionReference? = nil
  ) {
    self.arguments = arguments
    self.hasRequestInfo = hasRequestInfo
    self.request = request
    self.connection = connection
    self.stream = stream
    self.resultEncoder = resultEncoder
  }

  /// What a request calls, made in one piece: a field set afterwards has all of it copied.
  init(
    arguments: [Value], times: [TimeArgument], hasRequestInfo: Bool, request: Request,
    connection: (any ClientConnection)?, resultEncoder: FunctionReference?
  ) {
    self.arguments = arguments
    self.hasRequestInfo = hasRequestInfo
    self.request = request
    self.connection = connection
    self.resultEncoder = resultEncoder
    self.times = times
  }
}
