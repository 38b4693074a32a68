import GenAPIValue

/// A request that can be sent as it is: what a "try it" panel offers for a function.
public struct CallableExample: Sendable, Equatable {
  /// `<request_type> - <description>`
  public var title: ByteText
  /// The event of the message that a client sends.
  public var event: ByteText
  /// The payload of that message.
  public var request: Request

  /// `{event, data}`: what goes over a channel.
  public var value: Value {
    [
      "event": .string(event),
      "data": [
        "user_id": request.userID.map(Value.string) ?? .null,
        "device_id": request.deviceID.map(Value.string) ?? .null,
        "request_type": .string(request.requestType), "request_id": .string(request.requestID),
        "service": .string(request.service), "version": request.version.map(Value.string) ?? .null,
        "args": .object(request.args),
      ],
    ]
  }

  init(_ config: FunctionConfig, _ options: CatalogueOptions) {
    let type = config.requestType
    title = "\(type) - \(options.descriptions[type] ?? config.description ?? type)"
    event = options.event
    let given = options.argumentValues[type] ?? [:]
    var args = ValueObject()
    for (name, spec) in config.arguments.sorted(by: { $0.key < $1.key }) {
      args[name] =
        given[name] ?? spec.example(userID: config.permission == .argument(name) ? options.userID : nil)
    }
    request = Request(
      service: config.service, requestType: type, requestID: options.requestID, args: args,
      userID: options.userID, deviceID: options.deviceID, version: config.version)
  }
}

extension ArgumentSpec {
  /// A value that passes the check: the default, null where it is allowed, else the smallest of the type.
  fileprivate func example(userID: ByteText?) -> Value {
    if let defaultValue { return defaultValue }
    if let userID, type == .string || type == .any { return .string(userID) }
    if allowsNil { return .null }
    switch type {
    case .string, .any: return ""
    case .num: return range?.nearestToZero(isWhole: isWhole) ?? 0
    case .boolean: return false
    case .datetime: return "2026-01-01T00:00:00Z"
    case .naiveDatetime: return "2026-01-01T00:00:00"
    case .date: return "2026-01-01"
    case .uuid: return "00000000-0000-4000-8000-000000000000"
    case .map:
      var object = ValueObject()
      for key in required { object[key] = "" }
      return .object(object)
    case .list, .listString, .listNum, .listUUID, .listMap: return []
    }
  }
}
