import GenAPIValue

/// A request type that a Swift function answers: the function, and the config that is made from its signature,
/// so that what is declared, checked and called cannot differ.
///
/// ```swift
/// Endpoint("get_user", Argument("user_id", String.self)) { userID in
///   try await users.find(userID)
/// }
/// .version("1.0.0")
/// .permission(.anyAuthenticated)
/// ```
public struct Endpoint: Sendable {
  public let requestType: ByteText
  var arguments: [ByteText: ArgumentSpec]
  var argumentOrder: ArgumentOrder
  let function: FunctionRegistry.Function
  var settings: [@Sendable (inout FunctionConfig) -> Void] = []
  var beforeHook: FunctionRegistry.BeforeHook?
  var afterHook: FunctionRegistry.AfterHook?
  var permissionCallback: FunctionRegistry.PermissionCallback?
  /// What the catalogue says of it.
  public internal(set) var summary: ByteText?

  init(
    _ requestType: ByteText, _ declared: [(name: ByteText, spec: ArgumentSpec)],
    _ function: @escaping FunctionRegistry.Function
  ) {
    self.requestType = requestType
    // Of two arguments of one name the order keeps both, and registering says so.
    arguments = Dictionary(declared.map { ($0.name, $0.spec) }, uniquingKeysWith: { $1 })
    argumentOrder = declared.count > 1 ? .names(declared.map(\.name)) : .inferred
    self.function = function
  }

  /// A function whose result is the answer.
  ///
  /// What it throws is told to the client as "Internal Server Error", a `FunctionError` as it says itself.
  public init<each Input: ArgumentValue, Output: Encodable & Sendable>(
    _ requestType: ByteText, _ argument: repeat Argument<each Input>,
    answer: @escaping @Sendable (repeat each Input) async throws -> Output
  ) {
    var declared: [(name: ByteText, spec: ArgumentSpec)] = []
    repeat declared.append(((each argument).name, (each argument).spec))
    self.init(requestType, declared) { call in
      let reader = ArgumentReader(call.arguments)
      let input = (repeat try (each argument).read(reader))
      return try await FunctionResult { try await answer(repeat each input) }
    }
  }

  /// The same for a function without a result: the answer's result is null.
  public init<each Input: ArgumentValue>(
    _ requestType: ByteText, _ argument: repeat Argument<each Input>,
    perform: @escaping @Sendable (repeat each Input) async throws -> Void
  ) {
    var declared: [(name: ByteText, spec: ArgumentSpec)] = []
    repeat declared.append(((each argument).name, (each argument).spec))
    self.init(requestType, declared) { call in
      let reader = ArgumentReader(call.arguments)
      let input = (repeat try (each argument).read(reader))
      return try await FunctionResult {
        try await perform(repeat each input)
        return Value.null
      }
    }
  }

  /// The same for a function that also wants to know who asks.
  public init<each Input: ArgumentValue, Output: Encodable & Sendable>(
    _ requestType: ByteText, _ argument: repeat Argument<each Input>,
    answerRequest answer: @escaping @Sendable (Request, repeat each Input) async throws -> Output
  ) {
    var declared: [(name: ByteText, spec: ArgumentSpec)] = []
    repeat declared.append(((each argument).name, (each argument).spec))
    self.init(requestType, declared) { call in
      let reader = ArgumentReader(call.arguments)
      let input = (repeat try (each argument).read(reader))
      let request = try call.requireRequest()
      return try await FunctionResult { try await answer(request, repeat each input) }
    }
  }

  /// A function that answers in parts, through the stream it is given; returning ends the stream.
  public init<each Input: ArgumentValue>(
    _ requestType: ByteText, _ argument: repeat Argument<each Input>,
    stream body: @escaping @Sendable (StreamHandle, repeat each Input) async throws -> Void
  ) {
    var declared: [(name: ByteText, spec: ArgumentSpec)] = []
    repeat declared.append(((each argument).name, (each argument).spec))
    self.init(requestType, declared) { call in
      let reader = ArgumentReader(call.arguments)
      let input = (repeat try (each argument).read(reader))
      guard let stream = call.stream else { throw FunctionError("called without a stream", isFinal: true) }
      return try await FunctionResult {
        try await body(stream, repeat each input)
        return Value.null
      }
    }
    settings.append { $0.responseType = .stream }
  }

  /// A function that takes all arguments as one `Codable` type: each of its fields is declared as an argument.
  ///
  /// - Throws: `EndpointError` when the fields of the type cannot be found out.
  public init<Input: Codable & Sendable, Output: Encodable & Sendable>(
    _ requestType: ByteText, taking type: Input.Type,
    answer: @escaping @Sendable (Input) async throws -> Output
  ) throws(EndpointError) {
    let declared = try ArgumentShape.fields(of: type, requestType)
    self.init(requestType, declared) { call in
      let input: Input
      do {
        input = try ValueDecoder().decode(Input.self, from: call.arguments.first ?? [:])
      } catch let error as DecodingError {
        throw ArgumentError(error.fieldAndReason)
      }
      return try await FunctionResult { try await answer(input) }
    }
    argumentOrder = .map
  }
}

extension FunctionResult {
  /// What a function answers: its value, or the "no" it throws as a `FunctionError`.
  init<Output: Encodable & Sendable>(_ body: () async throws -> Output) async throws {
    do {
      self = .ok(try ValueEncoder().encode(try await body()))
    } catch let error as FunctionError {
      self = .error(error)
    }
  }
}

extension FunctionCall {
  func requireRequest() throws -> Request {
    guard let request else { throw FunctionError("called without a request", isFinal: true) }
    return request
  }
}
