import GenAPIValue

// What is not Encodable would have to be answered with null: the compiler refuses it, with these texts.

extension Endpoint {
  @available(
    *, unavailable,
    message: """
      the answer is made of the function's result, which is not Encodable and Sendable: declare its type so (struct User: \
      Encodable), give a type with named fields instead of a tuple, [String: Value] instead of [String: Any]. A function without a \
      result is Endpoint(performing: "…"), one that gets a stream or the request Endpoint(streaming: "…") or \
      Endpoint(withRequest: "…")
      """
  )
  public init<each Input: Codable & Sendable, Output>(
    _ requestType: ByteText, _ argument: repeat Argument<each Input>,
    answer: @escaping @Sendable (repeat each Input) async throws -> Output
  ) { fatalError() }

  @available(
    *, unavailable,
    message: """
      nil does not tell which type it is the absence of, and two results of two types have none in common: say the result's \
      type, as in { id -> User? in … }
      """
  )
  @_disfavoredOverload
  public init<each Input: Codable & Sendable>(
    _ requestType: ByteText, _ argument: repeat Argument<each Input>,
    answer: @escaping @Sendable (repeat each Input) async throws -> Any?
  ) { fatalError() }

  @available(
    *, unavailable,
    message: """
      the answer is made of the function's result, which is not Encodable and Sendable: declare its type so (struct User: \
      Encodable), give a type with named fields instead of a tuple, [String: Value] instead of [String: Any]
      """
  )
  public init<each Input: Codable & Sendable, Output>(
    withRequest requestType: ByteText, _ argument: repeat Argument<each Input>,
    answer: @escaping @Sendable (Request, repeat each Input) async throws -> Output
  ) { fatalError() }

  @available(
    *, unavailable,
    message: """
      nil does not tell which type it is the absence of, and two results of two types have none in common: say the result's \
      type, as in { request, id -> User? in … }
      """
  )
  @_disfavoredOverload
  public init<each Input: Codable & Sendable>(
    withRequest requestType: ByteText, _ argument: repeat Argument<each Input>,
    answer: @escaping @Sendable (Request, repeat each Input) async throws -> Any?
  ) { fatalError() }

  @available(
    *, unavailable,
    message: """
      the arguments are read as the Codable type, and the answer is made of the function's result: both types must be Sendable, \
      the first Codable and the second Encodable (struct Order: Codable)
      """
  )
  public init<Input, Output, each Bounded: Codable & Sendable>(
    _ requestType: ByteText, taking type: Input.Type, example: Input? = nil,
    _ bounded: repeat Argument<each Bounded>,
    answer: @escaping @Sendable (Input) async throws -> Output
  ) { fatalError() }
}
