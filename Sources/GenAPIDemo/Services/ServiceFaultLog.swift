import GenAPIValue
import Locking

/// What is broken in the services now. The director switches it; the service functions look at it.
final class ServiceFaultLog: Sendable {
  struct Switches: Sendable {
    /// Orders take ten times as long.
    var slowOrders = false
    /// Searching throws.
    var brokenSearch = false
    /// The audit hook hangs.
    var hangingAudit = false
    /// The enrichment hook throws.
    var brokenEnrichment = false
  }

  private let switches = Mutex(Switches())

  var now: Switches { switches.withLock { $0 } }

  func change(_ body: (inout Switches) -> Void) { switches.withLock { body(&$0) } }
}

/// Something a service function throws.
struct ServiceFault: Error, CustomStringConvertible {
  var description: String

  init(_ description: ByteText) { self.description = description.string }
}

/// Waiting as a database or another service would make a function wait.
enum Work {
  static func milliseconds(_ range: ClosedRange<Double>) async throws {
    try await Task.sleep(for: .microseconds(Int64(Double.random(in: range) * 1_000)))
  }
}
