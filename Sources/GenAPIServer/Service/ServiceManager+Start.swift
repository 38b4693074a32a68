extension ServiceManager {
  /// Asks for more time again and again while a start waits for what is not there yet, so that it ends with its own
  /// reason, and not by the manager's: `EXTEND_TIMEOUT_USEC` of sd_notify(3). Ends when it is cancelled, or when no start
  /// can still wait.
  package func wait(forStartOf configuration: ServerConfiguration) async {
    guard let milliseconds = configuration.cluster?.node.epmdWait.wholeMilliseconds else { return }
    var left = milliseconds + Self.graceMs
    while left > 0, !Task.isCancelled {
      tell("EXTEND_TIMEOUT_USEC=\(Self.extensionMs * 1_000)")
      let pause = min(left, Self.pauseMs)
      left -= pause
      try? await Task.sleep(for: .milliseconds(pause))
    }
  }

  /// For the rest of a start, beside waiting.
  private static let graceMs: Int64 = 5_000
  private static let pauseMs: Int64 = 5_000
  /// Several pauses: one that a busy machine makes longer does no harm.
  private static let extensionMs: Int64 = 30_000
}
