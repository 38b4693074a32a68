import Foundation
import GenAPIServer
import Logging

/// Reads the configuration again, whoever asks for it, one after the other.
actor Reloader {
  private let server: GatewayServer
  private let source: ConfigurationSource
  private let logger: Logger
  private let manager: ServiceManager
  private(set) var current: ServerConfiguration

  init(
    server: GatewayServer, source: ConfigurationSource, configuration: ServerConfiguration, logger: Logger,
    manager: ServiceManager
  ) {
    self.server = server
    self.source = source
    self.logger = logger
    self.manager = manager
    current = configuration
  }

  /// Whether something else is in force than the files said when they were last read.
  var lastFailed: Bool { !server.reloads.state.isLastGood }

  /// Which files of what is in force are gone.
  func tellMissing(_ paths: [String]) { server.reloads.tellMissing(paths) }

  /// All of it runs on a thread of its own: a file of thousands of functions takes as long as a request must not wait.
  nonisolated var unownedExecutor: UnownedSerialExecutor { ReloadThread.shared.asUnownedSerialExecutor() }

  /// Reads the configuration again.
  ///
  /// - Parameter isUnmoved: whether what was read was not changed meanwhile.
  /// - Returns: false when it was, and nothing was done with it.
  @discardableResult
  func reload(while isUnmoved: @Sendable () -> Bool = { true }) -> Bool {
    manager.tell("RELOADING=1", "MONOTONIC_USEC=\(DispatchTime.now().uptimeNanoseconds / 1_000)")
    defer {
      // systemd knows no reload that failed: `systemctl status` shows what this says.
      let fault = server.reloads.state.lastFault.map { "the last reload failed: \($0)" }
      manager.tell("READY=1", "STATUS=\(fault ?? "")")
    }
    server.reloads.begins()
    let telling = tellOfSlowness()
    defer { telling.cancel() }
    do {
      let read = Result { try source.read(again: true) }
      guard isUnmoved() else {
        server.reloads.putOff()
        return false
      }
      let new = try read.get()
      for warning in new.warnings { logger.warning("\(warning)") }
      try server.reload(new, over: current)
      current = new
    } catch {
      server.reloads.failed(error)
      logger.error("the configuration stays as it is", metadata: ["error": "\(error)"])
    }
    return true
  }

  /// Whoever asks for another reload waits meanwhile, and should know for what.
  private func tellOfSlowness() -> Task<Void, Never> {
    Task.detached { [logger] in
      var seconds = 0
      while (try? await Task.sleep(for: .seconds(5))) != nil {
        seconds += 5
        logger.warning(
          "the configuration is still being read; what it said before is in force, and other reloads wait",
          metadata: ["seconds": "\(seconds)"])
      }
    }
  }
}
