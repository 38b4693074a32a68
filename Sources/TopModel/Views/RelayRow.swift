import GenAPITelemetry
import GenAPIValue

/// One relay group of one gateway.
package struct RelayRow: Equatable, Sendable, Identifiable {
  package var node: ByteText
  package var group: GroupState
  /// Over the window; nil where its gateway does not tell.
  package var messagesPerSecond: Double?
  package var isStale: Bool
  /// What its gateway does not tell.
  package var unknown: UnknownState

  package var id: ByteText { [node, group.groupID].joinedAsKey }

  package init(
    node: ByteText, group: GroupState, messagesPerSecond: Double? = 0, isStale: Bool = false,
    unknown: UnknownState = UnknownState()
  ) {
    self.node = node
    self.group = group
    self.messagesPerSecond = messagesPerSecond
    self.isStale = isStale
    self.unknown = unknown
  }
}
