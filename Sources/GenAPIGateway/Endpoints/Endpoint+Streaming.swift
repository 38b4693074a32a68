import GenAPIValue

/// Functions that answer in parts, through the stream that they get as their first parameter; returning ends the stream.
///
/// ```swift
/// Endpoint(streaming: "count", Argument("to", Int.self, min: 1, max: 1_000)) { stream, to in
///   for number in 1...to { await stream.send(.int(Int64(number))) }
/// }
/// ```
extension Endpoint {
  /// A function that answers in parts, of no argument.
  public init(
    streaming requestType: ByteText,
    stream body: @escaping @Sendable (StreamHandle) async throws -> Void
  ) {
    self.init(requestType, [], isStream: true) { coding in
      { call in
        let stream = try call.requireStream(coding)
        return try await FunctionResult(coding) {
          try await body(stream)
          return Value.null
        }
      }
    }
  }

  /// A function that answers in parts, of one argument.
  public init<A: Codable & Sendable>(
    streaming requestType: ByteText, _ a: Argument<A>,
    stream body: @escaping @Sendable (StreamHandle, A) async throws -> Void
  ) {
    self.init(requestType, [a.declared], isStream: true) { coding in
      { call in
        let stream = try call.requireStream(coding)
        return try await FunctionResult(coding) {
          try await body(stream, a.take(call, 0))
          return Value.null
        }
      }
    }
  }

  /// A function that answers in parts, of two arguments.
  public init<A: Codable & Sendable, B: Codable & Sendable>(
    streaming requestType: ByteText, _ a: Argument<A>, _ b: Argument<B>,
    stream body: @escaping @Sendable (StreamHandle, A, B) async throws -> Void
  ) {
    self.init(requestType, [a.declared, b.declared], isStream: true) { coding in
      { call in
        let stream = try call.requireStream(coding)
        return try await FunctionResult(coding) {
          try await body(stream, a.take(call, 0), b.take(call, 1))
          return Value.null
        }
      }
    }
  }

  /// A function that answers in parts, of three arguments.
  public init<A: Codable & Sendable, B: Codable & Sendable, C: Codable & Sendable>(
    streaming requestType: ByteText, _ a: Argument<A>, _ b: Argument<B>, _ c: Argument<C>,
    stream body: @escaping @Sendable (StreamHandle, A, B, C) async throws -> Void
  ) {
    self.init(requestType, [a.declared, b.declared, c.declared], isStream: true) { coding in
      { call in
        let stream = try call.requireStream(coding)
        return try await FunctionResult(coding) {
          try await body(stream, a.take(call, 0), b.take(call, 1), c.take(call, 2))
          return Value.null
        }
      }
    }
  }

  /// A function that answers in parts, of four arguments and more.
  public init<
    A: Codable & Sendable, B: Codable & Sendable, C: Codable & Sendable, D: Codable & Sendable,
    each Rest: Codable & Sendable
  >(
    streaming requestType: ByteText, _ a: Argument<A>, _ b: Argument<B>, _ c: Argument<C>, _ d: Argument<D>,
    _ rest: repeat Argument<each Rest>,
    stream body: @escaping @Sendable (StreamHandle, A, B, C, D, repeat each Rest) async throws -> Void
  ) {
    var declared = [a.declared, b.declared, c.declared, d.declared]
    repeat declared.append((each rest).declared)
    self.init(requestType, declared, isStream: true) { coding in
      { call in
        var index = 3
        func next() -> Int {
          index += 1
          return index
        }
        let rest = (repeat try (each rest).read(call, next()))
        let stream = try call.requireStream(coding)
        return try await FunctionResult(coding) {
          try await body(
            stream, a.take(call, 0), b.take(call, 1), c.take(call, 2), d.take(call, 3), repeat each rest)
          return Value.null
        }
      }
    }
  }
}
