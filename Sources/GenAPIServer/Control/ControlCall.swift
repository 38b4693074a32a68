import GenAPIGateway
import GenAPITelemetry
import GenAPIValue

/// One call of a command: what it was told.
struct ControlCall: Sendable {
  let gateway: Gateway
  let fields: ValueObject
  /// Claims of tokens that limits can count by.
  let claims: [ByteText]

  /// - Throws: for a field that the command does not know, that is missing, or of another kind.
  init(_ command: ControlCommand, _ fields: ValueObject, _ gateway: Gateway, claims: [ByteText] = [])
    throws(ControlFault)
  {
    self.gateway = gateway
    self.claims = claims
    self.fields = fields
    let parameters = command.words + command.options
    if let unknown = fields.keys.first(where: { key in !parameters.contains { ByteText($0.name) == key } }) {
      throw .arguments("\(command.name) takes no \(unknown.cut(bytes: 64)): \(command.usage)")
    }
    for parameter in parameters {
      let value = fields[ByteText(parameter.name)]
      guard let value, !value.isNull else {
        if parameter.isRequired {
          throw .arguments("\(command.name) needs \(parameter.placeholder): \(command.usage)")
        }
        continue
      }
      let fits =
        switch parameter.kind {
        case .text: value.string != nil
        case .function: (try? Self.function(value.string ?? "")) != nil
        case .number: value.int != nil
        case .texts: value.array?.allSatisfy { $0.string != nil } ?? false
        case .object: value.object != nil
        }
      guard fits else { throw .arguments("\(parameter.placeholder) is wrong: \(command.usage)") }
      if let number = value.int, let bounds = Self.bounds[parameter.name], !bounds.contains(number) {
        throw .arguments(
          "--\(parameter.name) \(number) is none: "
            + (bounds.upperBound == .max ? "0 or more" : "\(bounds.lowerBound) to \(bounds.upperBound)"))
      }
    }
  }

  func text(_ name: ByteText) -> ByteText? { fields[name]?.string }

  func number(_ name: ByteText) -> Int64? { fields[name]?.int }

  /// What a page of a list may be told: it has 1 000 entries at most.
  private static let bounds: [String: ClosedRange<Int64>] = ["limit": 1...1_000, "offset": 0...Int64.max]

  /// How many of a list, and from where on.
  var limit: Int { Int(clamping: number("limit") ?? 100) }

  var offset: Int { Int(clamping: number("offset") ?? 0) }

  typealias Name = (service: ByteText, requestType: ByteText, version: ByteText?)

  /// The function that is meant, by the parameter of that name.
  func function(_ name: ByteText = "function") throws(ControlFault) -> Name {
    let (service, requestType) = try Self.function(text(name) ?? "")
    return (service, requestType, text("version"))
  }

  /// `SERVICE/REQUEST_TYPE`: the first stroke divides; one in a service's name is written `\/`, as lists show it.
  private static func function(_ text: ByteText) throws(ControlFault) -> (ByteText, ByteText) {
    guard let (service, requestType) = FunctionPath.parts(of: text), !service.isEmpty,
      !requestType.isEmpty
    else { throw .arguments("a function is SERVICE/REQUEST_TYPE, not \"\(text.cut(bytes: 64))\"") }
    return (service, requestType)
  }

  /// Which limits are meant: those of a function, or the global ones.
  func scope() throws(ControlFault) -> RateLimitScope {
    guard text("function") != nil else { return .global }
    let (service, requestType, _) = try function()
    return .api(service: service, requestType: requestType)
  }

  /// What is to be said of a limit that counts nothing as things are, since a function that it is on may come later; nil for
  /// any other.
  ///
  /// - Throws: for one that can never count.
  func doubt(of limit: RateLimit) throws(ControlFault) -> String? {
    if case .claim(let name) = limit.key, !claims.contains(name) {
      throw .arguments("\"\(name.cut(bytes: 64))\" is not in auth.claims, so no request has it")
    }
    let meant = gateway.configs.configs().filter { config in
      switch limit.scope {
      case .global: true
      case .api(let service, let type): config.service == service && config.requestType == type
      }
    }
    if case .api(let service, let type) = limit.scope, meant.isEmpty {
      return "there is no function \(FunctionPath.shown(service: service, requestType: type)) now"
    }
    guard case .argument(let name) = limit.key,
      !meant.contains(where: { config in
        config.arguments[name] != nil || (config.arguments.isEmpty && config.argumentOrder == .map)
      })
    else { return nil }
    return "no function that it is on has an argument \(name.cut(bytes: 64)) now"
  }

  /// Does something that may fail, in the gateway's words.
  func attempt<Failure: Error>(_ body: () throws(Failure) -> Void) throws(ControlFault) {
    do throws(Failure) {
      try body()
    } catch {
      if let error = error as? ConfigStoreError, case .notFound = error { throw .notFound("\(error)") }
      throw .failed("\(error)")
    }
  }

  /// One page of a list, with how many there are.
  func page<Item>(_ items: [Item], _ key: ByteText, _ value: (Item) throws -> Value) throws -> (
    items: ArraySlice<Item>, value: Value, more: String
  ) {
    let shown = items.dropFirst(offset).prefix(limit)
    let left = max(0, items.count - offset - shown.count)
    let page: ValueObject = [
      key: .array(try shown.map(value)), "total": .int(Int64(items.count)),
      "next_offset": left > 0 ? .int(Int64(offset + shown.count)) : .null,
    ]
    let more = left > 0 ? "\n… and \(left) more: --offset \(offset + shown.count)" : ""
    return (shown, .object(page), more)
  }
}
