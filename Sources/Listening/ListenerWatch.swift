import NIOCore
import ServiceLifecycle

/// Waits as long as somebody can connect.
public enum ListenerWatch {
  /// Starts, serves until graceful shutdown or cancellation, and stops however that ended: a cancelled task stops as one that is told
  /// to shut down, with all the time that stopping takes.
  public static func run(
    start: () async throws -> Void, serve: () async throws -> Void,
    stop: @escaping @Sendable () async -> Void
  ) async throws {
    try await start()
    do {
      try await serve()
    } catch {
      await uncancelled(stop)
      throw error
    }
    await uncancelled(stop)
  }

  /// In a task that has nothing of the cancellation of whoever asks: every wait of it would end at once.
  package static func uncancelled(_ body: @escaping @Sendable () async -> Void) async {
    await Task { await body() }.value
  }

  /// Returns when the service that asks is told to shut down, or is cancelled.
  ///
  /// - Throws: `ListenerClosed` when one of the listeners closes before, or when there is none.
  public static func untilShutdown(_ listeners: [any Channel]) async throws(ListenerClosed) {
    guard !listeners.isEmpty else { throw ListenerClosed() }
    let (closed, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    for listener in listeners { listener.closeFuture.whenComplete { _ in continuation.yield() } }
    for await _ in closed.cancelOnGracefulShutdown() {
      if !Task.isShuttingDownGracefully { throw ListenerClosed() }
    }
  }
}

/// A listening socket is closed and nobody had asked for that.
public struct ListenerClosed: Error, Equatable, CustomStringConvertible {
  public var description: String { "its listening socket was closed" }
}
