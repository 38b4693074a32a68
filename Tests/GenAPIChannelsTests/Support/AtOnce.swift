import Locking

/// Counts how many of something run at one time, exactly.
final class AtOnce: Sendable {
  private let state = Mutex((now: 0, most: 0, all: 0))

  var most: Int { state.withLock { $0.most } }
  /// Those that began.
  var all: Int { state.withLock { $0.all } }

  func run<Result>(_ body: () async throws -> Result) async rethrows -> Result {
    state.withLock { state in
      state.now += 1
      state.all += 1
      state.most = max(state.most, state.now)
    }
    defer { state.withLock { $0.now -= 1 } }
    return try await body()
  }
}
