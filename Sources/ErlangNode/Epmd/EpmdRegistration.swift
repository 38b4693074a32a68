import NIOCore

/// A node's name at epmd: kept until it is given back or the process ends.
public struct EpmdRegistration: Sendable {
  private let channel: any Channel
  /// Tells this node from earlier ones of its name.
  public let creation: UInt32

  init(channel: any Channel, creation: UInt32) {
    self.channel = channel
    self.creation = creation
  }

  /// Waits until epmd is gone, or the name was given back.
  public func untilItEnds() async { try? await channel.closeFuture.get() }

  /// Gives the name back.
  public func end() async { try? await channel.close() }
}
