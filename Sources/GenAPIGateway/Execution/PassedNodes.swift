import GenAPIValue

/// Nodes that could not be reached before another was asked. A failure tells of them too: it counts against the breaker of the
/// node that was chosen, which is the first of them.
struct PassedNodes {
  private var first: ByteText?
  private var last: ByteText?
  private var count = 0

  /// A node could not be reached, with its name and why.
  mutating func note(_ reason: ByteText) {
    if first == nil { first = reason } else { last = reason }
    count += 1
  }

  /// What to say when a node behind them failed.
  func then(_ reason: ByteText) -> ByteText {
    guard let first else { return reason }
    return "\(first); \(count > 1 ? "\(count - 1) more; " : "")then \(reason)"
  }

  /// What came of it when all could not be reached, or the time was over.
  var failure: AttemptResult {
    guard let first else { return .failed(.unreachable, reason: "no nodes", isFinal: false) }
    let between = count > 2 ? "\(count - 2) more; " : ""
    return .failed(
      .unreachable, reason: last.map { "\(first); \(between)then \($0)" } ?? first, isFinal: false,
      client: .unavailable)
  }
}
