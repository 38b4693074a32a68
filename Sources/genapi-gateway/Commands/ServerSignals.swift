import GenAPIServer
import Locking
import Logging
import ServiceLifecycle
import UnixSignals

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The signals of a server: trapped before anything else is done, so that none does by its default what it should not.
///
/// Those that come before somebody waits for them are kept.
final class ServerSignals: Sendable {
  /// SIGHUP. However many come while the configuration is being read, it is read once more after that.
  let hangUps: AsyncStream<Void>
  private let state = Mutex(State())

  private struct State {
    /// When SIGTERM or SIGINT came first.
    var endingSince: ContinuousClock.Instant?
    var isEnding: Bool { endingSince != nil }
    var waiting: [AsyncStream<Void>.Continuation] = []
    var log: ServerLog?
  }

  init() async {
    let hangUpSignals = await UnixSignalsSequence(trapping: .sighup)
    let (hangUps, waiting) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    self.hangUps = hangUps
    Task { for await _ in hangUpSignals { waiting.yield() } }
    let ends = await UnixSignalsSequence(trapping: .sigterm, .sigint)
    Task { [self] in
      for await signal in ends { came(signal) }
    }
  }

  /// What sends one twice sends the second at once: `timeout` to the program and to its group, a terminal and the wrapper around the program.
  /// Only one that comes later is somebody who waits no longer.
  private static let repetition = Duration.milliseconds(500)

  /// From now on signals are told to a log.
  func log(to log: ServerLog) { state.withLock { $0.log = log } }

  private var logger: Logger? { state.withLock { $0.log }?.logger(label: "genapi.server") }

  private func came(_ signal: UnixSignal) {
    let now = ContinuousClock.now
    let (before, waiting) = state.withLock { state in
      defer {
        state.endingSince = state.endingSince ?? now
        state.waiting = []
      }
      return (state.endingSince, state.waiting)
    }
    if let before {
      guard now - before < Self.repetition else { endAtOnce(signal) }
      logger?.info("came twice at once, which counts as once", metadata: ["signal": "\(signal)"])
      return
    }
    logger?.notice("shutting down; a second signal ends it at once", metadata: ["signal": "\(signal)"])
    for waiter in waiting { waiter.yield() }
  }

  /// Returns with the first SIGTERM or SIGINT, also with one that came before, or when the group that runs it shuts down.
  func untilEnd() async {
    let (stream, waiter) = AsyncStream.makeStream(of: Void.self)
    let isEnding = state.withLock { state in
      if !state.isEnding { state.waiting.append(waiter) }
      return state.isEnding
    }
    if isEnding { return }
    for await _ in stream.cancelOnGracefulShutdown() { return }
  }

  private var isEnding: Bool { state.withLock { $0.isEnding } }

  /// Does what a SIGTERM or SIGINT cancels.
  ///
  /// - Returns: false when it failed because it was cancelled.
  func unlessEnding(_ body: @escaping @Sendable () async throws -> Void) async throws -> Bool {
    let work = Task { try await body() }
    let watching = Task { [self] in
      await untilEnd()
      if isEnding { work.cancel() }
    }
    defer { watching.cancel() }
    do {
      try await work.value
      return true
    } catch {
      if isEnding { return false }
      throw error
    }
  }

  private func endAtOnce(_ signal: UnixSignal) -> Never {
    logger?.warning("ends at once", metadata: ["signal": "\(signal)"])
    state.withLock { $0.log }?.finish(milliseconds: 200)
    // Nothing is run at the end that could wait for what still runs.
    _exit(128 + (signal == .sigint ? SIGINT : SIGTERM))
  }
}
