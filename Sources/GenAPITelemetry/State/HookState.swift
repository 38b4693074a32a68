import GenAPIValue

/// One hook function.
public struct HookState: Codable, Equatable, Sendable, StateEntry {
  public var module: ByteText
  public var function: ByteText
  /// before or after.
  public var phase: ByteText
  public var runs: Int64
  /// Threw or timed out.
  public var failures: Int64
  public var latency: LatencyHistogram

  public var entryKey: ByteText { [phase, module, function].joined(separator: "\u{1F}") }

  public init(
    module: ByteText, function: ByteText, phase: ByteText, runs: Int64 = 0, failures: Int64 = 0,
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
