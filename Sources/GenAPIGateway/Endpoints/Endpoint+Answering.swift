import GenAPIValue

// One initialiser for each number of arguments, where a parameter pack would be one for all: of a pack the compiler says that
// shapes differ, of these which argument is missing, left over or of another type.

/// Functions whose result is the answer.
///
/// What they throw is told to the client as "Internal Server Error", a `FunctionError` as it says itself.
extension Endpoint {
  /// A function whose result is the answer, of no argument.
  public init<Output: Encodable & Sendable>(
    _ requestType: ByteText,
    answer: @escaping @Sendable () async throws -> Output
  ) {
    self.init(requestType, []) { coding in
      { call in
        try await FunctionResult(coding) { try await answer() }
      }
    }
  }

  /// A function whose result is the answer, of one argument.
  public init<A: Codable & Sendable, Output: Encodable & Sendable>(
    _ requestType: ByteText, _ a: Argument<A>,
    answer: @escaping @Sendable (A) async throws -> Output
  ) {
    self.init(requestType, [a.declared]) { coding in
      { call in
        try await FunctionResult(coding) { try await answer(a.take(call, 0)) }
      }
    }
  }

  /// A function whose result is the answer, of two arguments.
  public init<A: Codable & Sendable, B: Codable & Sendable, Output: Encodable & Sendable>(
    _ requestType: ByteText, _ a: Argument<A>, _ b: Argument<B>,
    answer: @escaping @Sendable (A, B) async throws -> Output
  ) {
    self.init(requestType, [a.declared, b.declared]) { coding in
      { call in
        try await FunctionResult(coding) { try await answer(a.take(call, 0), b.take(call, 1)) }
      }
    }
  }

  /// A function whose result is the answer, of three arguments.
  public init<
    A: Codable & Sendable, B: Codable & Sendable, C: Codable & Sendable, Output: Encodable & Sendable
  >(
    _ requestType: ByteText, _ a: Argument<A>, _ b: Argument<B>, _ c: Argument<C>,
    answer: @escaping @Sendable (A, B, C) async throws -> Output
  ) {
    self.init(requestType, [a.declared, b.declared, c.declared]) { coding in
      { call in
        try await FunctionResult(coding) {
          try await answer(a.take(call, 0), b.take(call, 1), c.take(call, 2))
        }
      }
    }
  }

  /// A function whose result is the answer, of four arguments and more.
  public init<
    A: Codable & Sendable, B: Codable & Sendable, C: Codable & Sendable, D: Codable & Sendable,
    each Rest: Codable & Sendable, Output: Encodable & Sendable
  >(
    _ requestType: ByteText, _ a: Argument<A>, _ b: Argument<B>, _ c: Argument<C>, _ d: Argument<D>,
    _ rest: repeat Argument<each Rest>,
    answer: @escaping @Sendable (A, B, C, D, repeat each Rest) async throws -> Output
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
        return try await FunctionResult(coding) {
          try await answer(
            a.take(call, 0), b.take(call, 1), c.take(call, 2), d.take(call, 3), repeat each rest)
        }
      }
    }
  }
}
