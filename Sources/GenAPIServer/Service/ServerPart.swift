import Logging
import ServiceLifecycle

/// A part of a server that runs until it is told to shut down. One that ends before ends all others, in their order, and the
/// program with them.
package struct ServerPart: Service {
  /// For the log, and for whoever runs it: what a service holds, secrets too, would be its name else.
  package let name: String
  private let logger: Logger
  private let starting: @Sendable () async throws -> Void
  private let serving: @Sendable () async throws -> Void
  private let stopping: @Sendable () async -> Void

  /// - Parameters:
  ///   - start: opens what it listens on.
  ///   - stop: closes it again, after `serve` and for whoever starts it and never runs it.
  ///   - serve: returns when it is told to shut down, or throws.
  package init(
    _ name: String, logger: Logger, start: @escaping @Sendable () async throws -> Void = {},
    stop: @escaping @Sendable () async -> Void = {}, serve: @escaping @Sendable () async throws -> Void
  ) {
    self.name = name
    self.logger = logger
    starting = start
    serving = serve
    stopping = stop
  }

  func start() async throws { try await starting() }

  func stop() async { await stopping() }

  package func run() async throws {
    var failure: (any Error)?
    do { try await serving() } catch { failure = error }
    let isTold = Task.isShuttingDownGracefully || Task.isCancelled
    if !isTold {
      logger.critical(
        "a part ended before it was told to; the others drain and end",
        metadata: ["part": "\(name)", "reason": "\(failure.map { "\($0)" } ?? "none was given")"])
    }
    await stop()
    if let failure { throw failure }
    if !isTold { throw PartEndedEarly(part: name) }
  }

  /// How a group runs it.
  package var configuration: ServiceGroupConfiguration.ServiceConfiguration {
    .init(
      service: self, failureTerminationBehavior: .gracefullyShutdownGroup, serviceName: name)
  }
}

/// A part of a server came to its end, and nobody had told it to.
package struct PartEndedEarly: Error, Equatable, CustomStringConvertible {
  package var part: String

  package var description: String { "its part \"\(part)\" ended early" }
}
