import GenAPIValue

extension EventName {
  /// Every event path starts with this element.
  public static let prefix: ByteText = "phoenix_gen_api."

  /// The path joined with dots: `phoenix_gen_api.executor.request.stop`.
  public var path: ByteText { Self.paths[Int(rawValue)] }

  /// The path without `phoenix_gen_api.`: `executor.request.stop`. What a screen shows.
  public var shortName: ByteText { Self.shortNames[Int(rawValue)] }

  /// The path as the list of its elements, as the specification writes it.
  public var elements: [ByteText] { path.split(separator: UInt8(ascii: ".")) }

  /// Finds a name by its full path or by its short form; nil when there is no such event.
  public init?(path: ByteText) {
    guard let name = Self.byShortName[path.dropping(prefix: Self.prefix) ?? path] else { return nil }
    self = name
  }

  private static let byShortName = Dictionary(uniqueKeysWithValues: allCases.map { ($0.shortName, $0) })
  private static let paths = shortNames.map { prefix + $0 }

  /// In the order of the cases; a test holds that no name is missing or stands twice.
  private static let shortNames: [ByteText] = [
    "executor.request.start",
    "executor.request.stop",
    "executor.request.exception",
    "executor.retry",
    "executor.retry.exhausted",
    "rate_limiter.check",
    "rate_limiter.exceeded",
    "rate_limiter.reset",
    "rate_limiter.cleanup",
    "hook.before.start",
    "hook.before.stop",
    "hook.before.exception",
    "hook.after.start",
    "hook.after.stop",
    "hook.after.exception",
    "worker_pool.task.start",
    "worker_pool.task.stop",
    "worker_pool.task.exception",
    "worker_pool.task.rejected",
    "worker_pool.circuit_breaker.open",
    "worker_pool.circuit_breaker.close",
    "config.pull.start",
    "config.pull.stop",
    "config.pull.exception",
    "config.push",
    "config.add",
    "config.batch_add",
    "config.delete",
    "config.clear",
    "config.disable",
    "config.enable",
    "relay.group.create",
    "relay.group.delete",
    "relay.member.join",
    "relay.member.leave",
    "relay.member.accept",
    "relay.member.mute",
    "relay.member.unmute",
    "relay.message",
    "channel.socket.open",
    "channel.socket.close",
    "channel.join",
    "channel.leave",
    "cluster.node.up",
    "cluster.node.down",
  ]
}

extension EventName: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let path = try container.decode(ByteText.self)
    guard let name = EventName(path: path) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "no event is named \(path)")
    }
    self = name
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(path)
  }
}
