/// What a function, a hook or a callback threw of a deadline that it had made itself, or of a node that it had asked: a failure of
/// its own, while its request's time goes on.
struct OwnTimeout: Error, CustomStringConvertible {
  let error: any Error

  var description: String { "\(error)" }

  /// The error, told apart from the same of the deadline that is around the work.
  static func marked(_ error: any Error) -> any Error {
    switch error {
    case is DeadlineExceeded: OwnTimeout(error: error)
    case RemoteCallError.timeout: OwnTimeout(error: error)
    default: error
    }
  }

  /// Throws what the work throws, marked so.
  nonisolated(nonsending) static func marking<Answer>(
    _ work: nonisolated(nonsending) () async throws -> Answer
  ) async throws -> Answer {
    do {
      return try await work()
    } catch {
      throw marked(error)
    }
  }
}
