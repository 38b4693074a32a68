import Metrics
import Synchronization

/// A backend of swift-metrics that adds up and can be printed.
final class PrintedMetrics: MetricsFactory {
  private let sums = Mutex<[String: (count: Int, sum: Int64)]>([:])

  /// One line a metric: its name, how often it was recorded, and the sum.
  var lines: [String] {
    sums.withLock { $0 }.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.count) \($0.value.sum)" }
  }

  private func handler(_ label: String, _ dimensions: [(String, String)]) -> SumHandler {
    let values = dimensions.map { "\($0.0)=\($0.1)" }.joined(separator: " ")
    return SumHandler { [self] value in
      sums.withLock { sums in
        let before = sums["\(label) \(values)"] ?? (0, 0)
        sums["\(label) \(values)"] = (before.count + 1, before.sum + value)
      }
    }
  }

  func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    handler(label, dimensions)
  }

  func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    handler(label, dimensions)
  }

  func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
    handler(label, dimensions)
  }

  func destroyCounter(_ handler: any CounterHandler) {}
  func destroyTimer(_ handler: any TimerHandler) {}
  func destroyRecorder(_ handler: any RecorderHandler) {}
}

/// Hands on each value; a timer's are nanoseconds.
final class SumHandler: CounterHandler, TimerHandler, RecorderHandler {
  private let add: @Sendable (Int64) -> Void

  init(_ add: @escaping @Sendable (Int64) -> Void) { self.add = add }

  func increment(by amount: Int64) { add(amount) }
  func reset() {}
  func recordNanoseconds(_ duration: Int64) { add(duration) }
  func record(_ value: Int64) { add(value) }
  func record(_ value: Double) { add(Int64(value)) }
}
