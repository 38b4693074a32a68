/// One hook function.
public struct HookState: Codable, Equatable, Sendable, StateEntry {
  public var module: String
  public var function: String
  /// before or after.
  public var phase: String
  public var runs: Int64
  /// Threw or timed out.
  public var failures: Int64
  public var latency: LatencyHistogram

  public var entryKey: String { [phase, module, function].joined(separator: "\u{1F}") }

  public init(
    module: String, function: String, phase: String, runs: Int64 = 0, failures: Int64 = 0,
    latency: LatencyHistogram = LatencyHistogram()
  ) {
    self.module = module
    self.function = function
    self.phase = phase
    self.runs = runs
    self.failures = failures
    self.latency = latency
  }
}
