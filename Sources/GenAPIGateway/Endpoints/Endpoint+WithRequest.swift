import GenAPIValue

/// Functions that get the request as well, as their first parameter.
///
/// ```swift
/// Endpoint(withRequest: "whoami") { request in request.userID }
/// ```
extension Endpoint {
  /// A function that also wants to know who asks, of no argument.
  public init<Output: Encodable & Sendable>(
    withRequest requestType: ByteText,
    answer: @escaping @Sendable (Request) async throws -> Output
  ) {
    self.init(requestType, []) { coding in
      { call in
        let request = try call.requireRequest()
        return try await FunctionResult(coding) { try await answer(request) }
      }
    }
  }

  /// A function that also wants to know who asks, of one argument.
  public init<A: Codable & Sendable, Output: Encodable & Sendable>(
    withRequest requestType: ByteText, _ a: Argument<A>,
    answer: @escaping @Sendable (Request, A) async throws -> Output
  ) {
    self.init(requestType, [a.declared]) { coding in
      { call in
        let request = try call.requireRequest()
        return try await FunctionResult(coding) { try await answer(request, a.take(call, 0)) }
      }
    }
  }

  /// A function that also wants to know who asks, of two arguments.
  public init<A: Codable & Sendable, B: Codable & Sendable, Output: Encodable & Sendable>(
    withRequest requestType: ByteText, _ a: Argument<A>, _ b: Argument<B>,
    answer: @escaping @Sendable (Request, A, B) async throws -> Output
  ) {
    self.init(requestType, [a.declared, b.declared]) { coding in
      { call in
        let request = try call.requireRequest()
        return try await FunctionResult(coding) {
          try await answer(request, a.take(call, 0), b.take(call, 1))
        }
      }
    }
  }

  /// A function that also wants to know who asks, of three arguments.
  public init<
    A: Codable & Sendable, B: Codable & Sendable, C: Codable & Sendable, Output: Encodable & Sendable
  >(
    withRequest requestType: ByteText, _ a: Argument<A>, _ b: Argument<B>, _ c: Argument<C>,
    answer: @escaping @Sendable (Request, A, B, C) async throws -> Output
  ) {
    self.init(requestType, [a.declared, b.declared, c.declared]) { coding in
      { call in
        let request = try call.requireRequest()
        return try await FunctionResult(coding) {
          try await answer(request, a.take(call, 0), b.take(call, 1), c.take(call, 2))
        }
      }
    }
  }

  /// A function that also wants to know who asks, of four arguments and more.
  public init<
    A: Codable & Sendable, B: Codable & Sendable, C: Codable & Sendable, D: Codable & Sendable,
    each Rest: Codable & Sendable, Output: Encodable & Sendable
  >(
    withRequest requestType: ByteText, _ a: Argument<A>, _ b: Argument<B>, _ c: Argument<C>, _ d: Argument<D>,
    _ rest: repeat Argument<each Rest>,
    answer: @escaping @Sendable (Request, A, B, C, D, repeat each Rest) async throws -> Output
  ) {
    var declared = [a.declared, b.declared, c.declared, d.declared]
    repeat declared.append((each rest).declared)
    self.init(requestType, declared) { coding in
      { call in
        var index = 3
        func next() -> Int {
          index += 1
          return index
        }
        let rest = (repeat try (each rest).read(call, next()))
        let request = try call.requireRequest()
        return try await FunctionResult(coding) {
          try await answer(
            request, a.take(call, 0), b.take(call, 1), c.take(call, 2), d.take(call, 3), repeat each rest)
        }
      }
    }
  }
}
