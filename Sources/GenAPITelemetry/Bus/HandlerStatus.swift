/// How an attached handler or subscription is doing.
public struct HandlerStatus: Sendable, Equatable {
  /// The name under which it is attached.
  public var id: String
  /// Events that the handler has seen to their end, or the owner of the subscription has taken.
  public var delivered: Int64
  /// Events it did not get because its queue was full.
  public var dropped: Int64
  /// Events that wait for it, with the one that it is busy with.
  public var queued: Int
}

/// A handler that was detached because it threw.
public struct HandlerFailure: Sendable, Equatable {
  /// The name under which the handler was attached.
  public var id: String
  /// The event it threw on.
  public var event: EventName
  /// What it threw, for operators.
  public var error: String
}
