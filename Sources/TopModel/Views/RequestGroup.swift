import GenAPIValue

/// Requests that have something in common: a service, a gateway, a service node, a version, a user.
package struct RequestGroup: Equatable, Sendable, Identifiable {
  package var grouping: RequestGrouping
  /// Of the service, the gateway, the node or the user.
  package var name: ByteText
  /// The gateway does not tell of its requests what they are grouped by; `name` is empty.
  package var isUntold = false
  /// Of a service, where it is grouped by that; nil for those that have none.
  package var version: ByteText?
  /// How many functions it has; nil where that is not counted.
  package var functions: Int?
  /// Of all its requests together: `service` is its name.
  package var numbers: RequestRow

  package var id: ByteText {
    ([ByteText(grouping.rawValue), name] + (version.map { [$0] } ?? []) + (isUntold ? [""] : [])).joinedAsKey
  }

  package init(
    grouping: RequestGrouping, name: ByteText, version: ByteText? = nil, functions: Int? = nil,
    numbers: RequestRow
  ) {
    self.grouping = grouping
    self.name = name
    self.version = version
    self.functions = functions
    self.numbers = numbers
  }
}
