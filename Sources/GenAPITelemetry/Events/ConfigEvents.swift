import GenAPIValue

/// `config.pull.stop`: a pull ended well.
public struct PullStop: Sendable {
  public var service: ByteText
  public var durationUs: Int64
  /// Functions taken over; 0 when skipped.
  public var count: Int
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
  public var service: ByteText
  public var durationUs: Int64
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
  public enum Result: String, Sendable {
    case accepted
    case skipped
  }

  public var service: ByteText
  public var version: ByteText
  public var count: Int
  public var nodeFrom: ByteText?
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
  public enum Kind: Sendable {
    case add
    case delete
    case disable
    case enable
  }

  public var service: ByteText
  public var requestType: ByteText
  public var version: ByteText?

  public init(service: ByteText, requestType: ByteText, version: ByteText?) {
    self.service = service
    self.requestType = requestType
    self.version = version
  }
}

extension ConfigChange.Kind {
  public var eventName: EventName {
    switch self {
    case .add: .configAdd
    case .delete: .configDelete
    case .disable: .configDisable
    case .enable: .configEnable
    }
  }
}
