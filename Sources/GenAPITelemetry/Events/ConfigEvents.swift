import GenAPIValue

/// `config.pull.stop`: a pull ended well.
public struct PullStop: Sendable {
  /// The service's name.
  public var service: ByteText
  /// How long it took, in microseconds.
  public var durationUs: Int64
  /// Functions taken over; 0 when skipped.
  public var count: Int
  /// The service's version of all its configs; nil where it tells none.
  public var version: ByteText?
  /// The service's version was the stored one, so nothing was fetched.
  public var skipped: Bool

  public init(service: ByteText, durationUs: Int64, count: Int, version: ByteText?, skipped: Bool) {
    self.service = service
    self.durationUs = durationUs
    self.count = count
    self.version = version
    self.skipped = skipped
  }
}

/// `config.pull.exception`: a pull failed on every node.
public struct PullException: Sendable {
  /// The service's name.
  public var service: ByteText
  /// How long it took, in microseconds.
  public var durationUs: Int64
  /// Why the last node's answer was none.
  public var failure: Failure
  /// The nodes that were tried, in order.
  public var nodes: [ByteText]

  public init(service: ByteText, durationUs: Int64, failure: Failure, nodes: [ByteText]) {
    self.service = service
    self.durationUs = durationUs
    self.failure = failure
    self.nodes = nodes
  }
}

/// `config.push`: a service pushed its functions.
public struct ConfigPush: Sendable {
  /// What became of the push.
  public enum Result: String, Sendable {
    /// The functions were taken over.
    case accepted
    /// The version was known already, so nothing was changed.
    case skipped
  }

  /// The service's name.
  public var service: ByteText
  /// The service's version of all its configs.
  public var version: ByteText
  /// How many functions were taken over.
  public var count: Int
  /// The node that pushed, or the first that the config names.
  public var nodeFrom: ByteText?
  /// What became of the push.
  public var result: Result

  public init(service: ByteText, version: ByteText, count: Int, nodeFrom: ByteText?, result: Result) {
    self.service = service
    self.version = version
    self.count = count
    self.nodeFrom = nodeFrom
    self.result = result
  }
}

extension ConfigPush {
  func visit(_ visitor: inout some FieldVisitor & ~Copyable) {
    visitor.field("service", service)
    visitor.field("version", version)
    visitor.field("node_from", nodeFrom)
    visitor.field("result", result)
  }
}

/// Which function `config.add`, `.delete`, `.disable` or `.enable` is about.
public struct ConfigChange: Sendable {
  /// What was done to the function.
  public enum Kind: Sendable {
    /// The function was added, or its config replaced.
    case add
    /// The function was deleted.
    case delete
    /// The function was disabled.
    case disable
    /// The function was enabled.
    case enable
  }

  /// The service's name.
  public var service: ByteText
  /// The request type: the function's name within its service.
  public var requestType: ByteText
  /// The function's version; nil where it has none.
  public var version: ByteText?

  public init(service: ByteText, requestType: ByteText, version: ByteText?) {
    self.service = service
    self.requestType = requestType
    self.version = version
  }
}

extension ConfigChange.Kind {
  /// The event that tells it.
  public var eventName: EventName {
    switch self {
    case .add: .configAdd
    case .delete: .configDelete
    case .disable: .configDisable
    case .enable: .configEnable
    }
  }
}
