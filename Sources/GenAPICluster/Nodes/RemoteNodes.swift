import GenAPIValue

/// Where functions of other nodes are.
public enum RemoteNodes: Sendable {
  /// The nodes with these names.
  case list([ByteText])
  /// Asked for every call: roles, what discovery found, anything.
  case function(@Sendable () async throws -> [ByteText])
}
