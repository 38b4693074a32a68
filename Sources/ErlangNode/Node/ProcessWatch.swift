import OutsideText

/// A process of another node that one of our mailboxes watches.
struct ProcessWatch: Sendable {
  struct Target: Sendable {
    var node: ByteText
    var process: DistributionMessage.Target
  }

  var mailbox: UInt32
  /// Of the connection it is watched over.
  var peer: UInt64
  var target: Target
}
