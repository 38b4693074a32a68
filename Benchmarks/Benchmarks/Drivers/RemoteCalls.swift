import ErlangNode
import Foundation
import GenAPITelemetry
import GenAPIValue
import Synchronization

/// Calls a function of a real Erlang node from so many callers at a time, for so many seconds.
enum RemoteCalls {
  static func run(node: ByteText, epmdPort: Int, callers: Int, seconds: Double) async throws {
    var configuration = LocalNodeConfiguration(name: "swift@127.0.0.1", cookie: Cookie("bench"))
    configuration.epmd = EpmdClient(port: epmdPort)
    let local = try LocalNode(configuration)
    try await local.start()
    try await local.connect(to: node)
    let time = SystemTime()
    let calls = Count()
    let start = time.monotonicNanoseconds()
    let end = start + Int64(seconds * 1e9)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<callers {
        group.addTask {
          while time.monotonicNanoseconds() < end {
            guard try await local.call(node, "erlang", "abs", [.integer(-7)]) == .integer(7) else {
              throw CocoaError(.coderInvalidValue)
            }
            calls.value.add(1, ordering: .relaxed)
          }
        }
      }
      try await group.waitForAll()
    }
    let elapsed = Double(time.monotonicNanoseconds() - start) / 1e9
    print(Int(Double(calls.value.load(ordering: .relaxed)) / elapsed))
    await local.stop()
  }
}

private final class Count: Sendable {
  let value = Atomic<Int>(0)
}
