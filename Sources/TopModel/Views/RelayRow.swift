import GenAPITelemetry
import GenAPIValue

/// One relay group of one gateway.
public struct RelayRow: Equatable, Sendable, Identifiable {
  public var node: ByteText
  public var group: GroupState
  /// Over the window.
  public var messagesPerSecond: Double
  public var isStale: Bool

  public var id: ByteText { node + "\u{1F}" + group.groupID }

  public init(node: ByteText, group: GroupState, messagesPerSecond: Double = 0, isStale: Bool = false) {
    self.node = node
    self.group = group
    self.messagesPerSecond = messagesPerSecond
    self.isStale = isStale
  }
}
