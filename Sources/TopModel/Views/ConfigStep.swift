import GenAPIValue

/// Something of a service that was changed on one gateway: what it was, and what it is since.
package struct ConfigStep: Equatable, Sendable {
  /// Since when it is so, microseconds since the Unix epoch, to the second.
  package var at: Int64
  package var gateway: ByteText
  /// `get_user`, `get_user@1.0.0`; the key of a limit; empty for the service itself.
  package var name: ByteText
  /// A setting's name, as `ConfigDifference` has it.
  package var setting: ByteText
  package var from: ByteText
  package var to: ByteText

  package init(
    at: Int64, gateway: ByteText, name: ByteText, setting: ByteText, from: ByteText, to: ByteText
  ) {
    self.at = at
    self.gateway = gateway
    self.name = name
    self.setting = setting
    self.from = from
    self.to = to
  }
}
