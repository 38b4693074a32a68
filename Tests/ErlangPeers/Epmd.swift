import ErlangNode
import Foundation

/// A real epmd on a port that nothing else uses.
public final class Epmd {
  public static let program = InstalledProgram("epmd")

  public let port: Int
  private let process: Process

  /// Returns once it answers.
  ///
  /// - Parameter wanted: the port of one that has ended.
  public init(port wanted: Int? = nil) async throws {
    for _ in 0..<20 {
      // Below the ports that the system gives to clients, which stay taken for a minute after they close.
      let port = wanted ?? Int.random(in: 20_000..<32_000)
      if (try? await EpmdClient(port: port).names()) != nil { continue }
      let process = try Self.program!.start(["-port", String(port), "-address", "127.0.0.1"], epmdPort: port)
      // One whose port is taken ends at once.
      for _ in 0..<400 where process.isRunning {
        if (try? await EpmdClient(port: port).names()) != nil {
          self.port = port
          self.process = process
          return
        }
        try await Task.sleep(for: .milliseconds(25))
      }
      if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }
    throw NoFreePort()
  }

  public struct NoFreePort: Error {}

  public func end() {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
  }

  deinit {
    // Nobody waits for its end: waiting needs a run loop, which a task's thread does not have.
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
  }
}
