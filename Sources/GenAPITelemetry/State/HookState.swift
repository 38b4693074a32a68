import GenAPIValue

/// One hook function.
public struct HookState: StateEntry {
  /// The module of the hook's function.
  public var module: ByteText
  /// The name of the hook's function.
  public var function: ByteText
  /// before or after.
  public var phase: ByteText
  /// How often it ran since the gateway started.
  public var runs: Int64
  /// Threw or timed out.
  public var failures: Int64
  /// How long its runs took.
  public var latency: LatencyHistogram

  public var entryKey: ByteText { [phase, module, function].joinedAsKey }

  public func isSameEntry(as other: Self) -> Bool {
    function == other.function && module == other.module && phase == other.phase
  }

  public var owner: StateOwner { .gateway }

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

  public mutating func edit(_ editor: inout some StateEditor) {
    editor.name(&module)
    editor.name(&function)
    editor.name(&phase)
    editor.count(&runs)
    editor.count(&failures)
    editor.histogram(latency)
  }
}
