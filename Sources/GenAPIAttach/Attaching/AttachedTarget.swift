import Foundation
import GenAPIStream
import GenAPITelemetry
import Locking
import OutsideText

/// A gateway of the Elixir library, exported as a telemetry stream: watched as it runs, again whenever the connection ends.
///
/// While it is attached the stream is open at its addresses; while it is not, nobody listens there and `problem` tells why.
///
/// ```swift
/// let attached = AttachedTarget(
///   try AttachTarget(parsing: "erlang:gateway@10.0.0.5"), settings: AttachSettings(cookie: try .fromHome()),
///   exporter: StreamExporterConfiguration())
/// attached.start()
/// ```
public final class AttachedTarget: Sendable {
  /// The gateway.
  public let target: AttachTarget
  private let settings: AttachSettings
  private let exporter: StreamExporterConfiguration
  private let state = Mutex(State())

  private struct State {
    var task: Task<Void, Never>?
    var session: AttachSession?
    var problem: ByteText?
    var services: [ByteText] = []
    var onChange: (@Sendable () -> Void)?
  }

  /// Between two tries, in milliseconds.
  private static let waits = [250, 250, 500, 500, 1_000, 1_000, 2_000]

  /// - Parameter exporter: where the stream is open while the gateway is attached.
  public init(_ target: AttachTarget, settings: AttachSettings, exporter: StreamExporterConfiguration) {
    self.target = target
    self.settings = settings
    self.exporter = exporter
  }

  deinit { state.withLock { $0.task }?.cancel() }

  /// Why it is not attached; nil while it is, and before the first try has ended.
  public var problem: ByteText? { state.withLock { $0.problem } }

  /// How many functions the gateway has, as far as they were read by now; nil while it is not attached. Those of a large gateway are
  /// read for seconds.
  public var functionsRead: Int? { state.withLock { $0.session }?.gateway.functionCount }

  /// Calls back, from any thread, whenever it was attached or is not any more.
  public func onChange(_ callback: @escaping @Sendable () -> Void) {
    state.withLock { $0.onChange = callback }
  }

  /// Only events of these services are asked for from now on, patterns with stars; all when there are none.
  public func narrow(to services: [ByteText]) {
    let session = state.withLock { state in
      state.services = services
      return state.session
    }
    session?.narrow(to: services)
  }

  /// Finds out whether the stream can be opened at its addresses, before anything is done on the gateway. They are free again when this
  /// returns.
  ///
  /// - Throws: `StreamExporterError`, as `StreamExporter.start` does.
  public func checkAddresses() async throws {
    let probe = StreamExporter(
      configuration: exporter, bus: TelemetryBus(node: target.node.string),
      source: AttachedGateway(node: target.node), logger: settings.logger)
    try await probe.start()
    await probe.stop(reason: "only tried")
  }

  /// Begins to attach; again whenever it ends, until `stop`.
  public func start() {
    state.withLock { state in
      guard state.task == nil else { return }
      state.task = Task { [weak self] in
        var failures = 0
        while !Task.isCancelled {
          guard let worked = await self?.attachOnce() else { return }
          failures = worked ? 0 : failures + 1
          if Task.isCancelled { return }
          let wait = Self.waits[min(failures, Self.waits.count - 1)]
          try? await Task.sleep(for: .milliseconds(wait))
        }
      }
    }
  }

  /// Takes the agent away, when nobody else watches, and closes the stream.
  public func stop() async {
    let task = state.withLock { state in
      defer { state.task = nil }
      return state.task
    }
    task?.cancel()
    await task?.value
  }

  /// One attachment, from the first try to its end; true when it was attached.
  private func attachOnce() async -> Bool {
    let gateway = AttachedGateway(node: target.node, hasAgent: settings.usesAgent)
    let session = AttachSession(
      target, settings, gateway, services: state.withLock { $0.services })
    state.withLock { $0.session = session }
    let stream = Mutex<StreamExporter?>(nil)
    var loss: ByteText?
    do {
      try await session.run { [self, exporter] in
        var configuration = exporter
        configuration.software = "phoenix_gen_api \(gateway.version)"
        configuration.startedAt = gateway.since
        let open = StreamExporter(
          configuration: configuration, bus: gateway.bus, source: gateway, logger: settings.logger)
        try await open.start()
        stream.withLock { $0 = open }
        note(nil)
      }
    } catch {
      loss = "\(error)"
      note(loss)
    }
    state.withLock { $0.session = nil }
    guard let open = stream.withLock({ $0 }) else { return false }
    if let loss { await open.stop(lost: loss) } else { await open.stop(reason: "the watching ends") }
    return true
  }

  private func note(_ problem: ByteText?) {
    let callback = state.withLock { state in
      state.problem = problem
      return state.onChange
    }
    callback?()
  }
}
