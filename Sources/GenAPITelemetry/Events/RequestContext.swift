/// Which request an event belongs to.
public struct RequestContext: Sendable, Hashable {
  public var requestID: String
  public var function: FunctionIdentity
  /// The verified user; nil for an anonymous request.
  public var userID: String?

  public init(requestID: String, function: FunctionIdentity, userID: String? = nil) {
    self.requestID = requestID
    self.function = function
    self.userID = userID
  }
}
