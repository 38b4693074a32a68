import Benchmark
import GenAPIGateway
import GenAPITelemetry
import Synchronization

/// A clock that moves by a step at each look, so that windows slide as in a busy hour; a look costs what the
/// system's clock costs.
final class PacedTime: GatewayClock {
  private let looks = Atomic<Int64>(0)
  private let system = SystemTime()
  private let step: Int64

  init(stepNanoseconds: Int64) { step = stepNanoseconds }

  func monotonicNanoseconds() -> Int64 {
    blackHole(system.monotonicNanoseconds())
    return looks.add(1, ordering: .relaxed).newValue * step
  }

  func wallMicroseconds() -> Int64 { system.wallMicroseconds() }

  func sleep(nanoseconds: Int64) async throws { try await system.sleep(nanoseconds: nanoseconds) }
}
