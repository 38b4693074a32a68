import GenAPIValue

/// Functions without a result: the answer's result is null.
///
/// ```swift
/// Endpoint(performing: "rename", Argument("id", String.self), Argument("name", String.self)) { id, name in
///   try await store.rename(id, name)
/// }
/// ```
///
/// They have a label of their own, since Swift lets any closure of one expression pass for one without a result: a forgotten
/// `Encodable` would make a function of those above one of these.
extension Endpoint {
  /// A function without a result, of no argument.
  public init(
    performing requestType: ByteText,
    perform: @escaping @Sendable () async throws -> Void
  ) {
    self.init(requestType, []) { coding in
      { call in
        try await FunctionResult(coding) {
          try await perform()
          return Value.null
        }
      }
    }
  }

  /// A function without a result, of one argument.
  public init<A: Codable & Sendable>(
    performing requestType: ByteText, _ a: Argument<A>,
    perform: @escaping @Sendable (A) async throws -> Void
  ) {
    self.init(requestType, [a.declared]) { coding in
      { call in
        try await FunctionResult(coding) {
          try await perform(a.take(call, 0))
          return Value.null
        }
      }
    }
  }

  /// A function without a result, of two arguments.
  public init<A: Codable & Sendable, B: Codable & Sendable>(
    performing requestType: ByteText, _ a: Argument<A>, _ b: Argument<B>,
    perform: @escaping @Sendable (A, B) async throws -> Void
  ) {
    self.init(requestType, [a.declared, b.declared]) { coding in
      { call in
        try await FunctionResult(coding) {
          try await perform(a.take(call, 0), b.take(call, 1))
          return Value.null
        }
      }
    }
  }

  /// A function without a result, of three arguments.
  public init<A: Codable & Sendable, B: Codable & Sendable, C: Codable & Sendable>(
    performing requestType: ByteText, _ a: Argument<A>, _ b: Argument<B>, _ c: Argument<C>,
    perform: @escaping @Sendable (A, B, C) async throws -> Void
  ) {
    self.init(requestType, [a.declared, b.declared, c.declared]) { coding in
      { call in
        try await FunctionResult(coding) {
          try await perform(a.take(call, 0), b.take(call, 1), c.take(call, 2))
          return Value.null
        }
      }
    }
  }

  /// A function without a result, of four arguments and more.
  public init<
    A: Codable & Sendable, B: Codable & Sendable, C: Codable & Sendable, D: Codable & Sendable,
    each Rest: Codable & Sendable
  >(
    performing requestType: ByteText, _ a: Argument<A>, _ b: Argument<B>, _ c: Argument<C>, _ d: Argument<D>,
    _ rest: repeat Argument<each Rest>,
    perform: @escaping @Sendable (A, B, C, D, repeat each Rest) async throws -> Void
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
          try await perform(
            a.take(call, 0), b.take(call, 1), c.take(call, 2), d.take(call, 3), repeat each rest)
          return Value.null
        }
      }
    }
  }
}
