import OutsideText

/// Attempts to connect to nodes that failed, so that the log tells each reason once and then how often.
struct FailingDials {
  /// Nodes that are remembered; of others every failure is told.
  static let most = 1_000
  /// After so many of the same reason, and then after twice as many each time, they are told again with their number.
  static let firstRepeat = 32

  struct Failure: Equatable {
    var reason: ByteText
    /// In a row, of this reason.
    var count = 1
  }

  private var failures: [ByteText: Failure] = [:]

  /// An attempt failed.
  ///
  /// - Returns: how often it did so for this reason, when that is to be told now.
  mutating func failed(_ node: ByteText, _ reason: ByteText) -> Int? {
    guard var failure = failures[node], failure.reason == reason else {
      if failures[node] != nil || failures.count < Self.most { failures[node] = Failure(reason: reason) }
      return 1
    }
    failure.count += 1
    failures[node] = failure
    let isPower = failure.count & (failure.count - 1) == 0
    return failure.count >= Self.firstRepeat && isPower ? failure.count : nil
  }

  /// The node is connected.
  ///
  /// - Returns: how many attempts had failed of the last reason; nil when none had.
  mutating func succeeded(_ node: ByteText) -> Int? { failures.removeValue(forKey: node)?.count }
}
