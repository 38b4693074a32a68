import GenAPIGateway
import GenAPITelemetry

/// The system's clock at a thousandth of its pace, at the same cost. Under a program that counts instructions everything is
/// slow: a function would seem to hold its thread, and its requests would take the longer way of those that do.
struct SlowTime: GatewayClock {
  private let system = SystemTime()

  func monotonicNanoseconds() -> Int64 { system.monotonicNanoseconds() >> 10 }

  func wallMicroseconds() -> Int64 { system.wallMicroseconds() }

  func now() -> TimeReading {
    let now = system.now()
    return TimeReading(
      monotonicNanoseconds: now.monotonicNanoseconds >> 10, wallMicroseconds: now.wallMicroseconds)
  }

  func sleep(nanoseconds: Int64) async throws { try await system.sleep(nanoseconds: nanoseconds) }
}
