import GenAPIGateway

/// Where files are read again while clients are served: not on one of the few threads that all Swift tasks share.
package enum ReloadThread {
  /// Runs work on a thread that no request waits for; of actors that have no executor of their own, too.
  package static func run<Result: Sendable>(
    _ work: @Sendable () async throws -> Result
  ) async rethrows -> Result {
    try await withTaskExecutorPreference(WorkThreads.reports) { try await work() }
  }
}
