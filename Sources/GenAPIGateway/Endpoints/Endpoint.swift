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
public struct Endpoint: Sendable, EndpointOptionsOwner {
  /// What clients call it by.
  public let requestType: ByteText
  var arguments: [ByteText: ArgumentSpec]
  /// What is wrong with their declarations beside what the config tells.
  let argumentFaults: [ByteText]
  /// Those that are read as objects or lists, whatever their declarations leave open.
  let objects: Set<ByteText>
  var argumentOrder: ArgumentOrder
  /// Makes the function that answers, for the form that results are written in.
  let makeFunction: @Sendable (ValueCoding) -> FunctionRegistry.Function
  let isStream: Bool
  /// What else is said of it; what its service says is said of it too, where this says nothing.
  public var options = EndpointOptions()
  /// It blocks its thread, and gets one of its own.
  var isBlocking = false
  /// What it does, for whoever calls it; nil when nobody said so.
  public internal(set) var description: ByteText?

  init(
    _ requestType: ByteText, _ declared: [DeclaredArgument], isStream: Bool = false,
    _ makeFunction: @escaping @Sendable (ValueCoding) -> FunctionRegistry.Function
  ) {
    self.requestType = requestType
    // Of two arguments of one name the order keeps both, and registering says so.
    arguments = Dictionary(declared.map { ($0.name, $0.spec) }, uniquingKeysWith: { $1 })
    objects = Set(declared.filter(\.isObject).map(\.name))
    argumentFaults = declared.flatMap { argument in
      argument.faults.map { "\(FaultWords.swift.argument(argument.name)): \($0)" }
    }
    argumentOrder = declared.count > 1 ? .names(declared.map(\.name)) : .inferred
    self.isStream = isStream
    self.makeFunction = makeFunction
  }

  /// A function that takes all arguments as one `Codable` type: each of its fields is declared as an argument.
  ///
  /// The fields are found out by decoding the type from made-up values. One that validates what it reads, so that it refuses them
  /// all, needs an example.
  ///
  /// ```swift
  /// try Endpoint("order", taking: Order.self, Argument("amount", Int.self, min: 1, max: 1_000)) { order in … }
  /// ```
  ///
  /// - Parameters:
  ///   - example: a value of the type, for one that refuses every made-up value.
  ///   - bounded: bounds and defaults of fields, each named and of the field's type.
  /// - Throws: `EndpointError` when the fields of the type cannot be found out, or it has no such field as is bounded.
  public init<Input: Codable & Sendable, Output: Encodable & Sendable, each Bounded: Codable & Sendable>(
    _ requestType: ByteText, taking type: Input.Type, example: Input? = nil,
    _ bounded: repeat Argument<each Bounded>,
    answer: @escaping @Sendable (Input) async throws -> Output
  ) throws(EndpointError) {
    let given: Value?
    do {
      given = try example.map { try ValueEncoder().encode($0) }
    } catch {
      throw .unreadableType(requestType: requestType, type: "\(type)", reason: "its example: \(error)")
    }
    var bounds: [DeclaredArgument] = []
    repeat bounds.append((each bounded).declared)
    let declared = try ArgumentShape.fields(of: type, requestType, example: given)
      .bounded(by: bounds, requestType, "\(type)")
    self.init(requestType, declared) { coding in
      { call in
        let input: Input
        do {
          input = try ValueDecoder().decode(Input.self, from: call.arguments.first ?? [:])
        } catch {
          throw ArgumentError(error)
        }
        return try await FunctionResult(coding) { try await answer(input) }
      }
    }
    argumentOrder = .map
  }
}

extension FunctionResult {
  /// What a function answers: its value, or the "no" it throws as a `FunctionError`.
  init<Output: Encodable & Sendable>(_ coding: ValueCoding, _ body: () async throws -> Output) async throws {
    do {
      self = .ok(try ValueEncoder(coding: coding).encode(try await body()))
    } catch let error as FunctionError {
      self = .error(error)
    } catch let error as UnreadArgument {
      throw error.error
    } catch let error as ArgumentError {
      // Of its own, about whatever: only what the client sent is the client's mistake.
      throw ThrownArgumentError(error: error)
    }
  }
}

extension FunctionCall {
  func requireRequest() throws -> Request {
    guard let request else { throw FunctionError("called without a request", isFinal: true) }
    return request
  }

  func requireStream(_ coding: ValueCoding) throws -> StreamHandle {
    guard let stream else { throw FunctionError("called without a stream", isFinal: true) }
    return stream.writing(coding)
  }
}
