/// What a node can do, as it says in the handshake: the bits of OTP 25.
package struct DistributionFlags: OptionSet, Sendable, Hashable {
  package let rawValue: UInt64

  package init(rawValue: UInt64) { self.rawValue = rawValue }

  package static let published = DistributionFlags(rawValue: 1)
  package static let extendedReferences = DistributionFlags(rawValue: 1 << 2)
  package static let distMonitor = DistributionFlags(rawValue: 1 << 3)
  package static let funTags = DistributionFlags(rawValue: 1 << 4)
  package static let distMonitorName = DistributionFlags(rawValue: 1 << 5)
  package static let newFunTags = DistributionFlags(rawValue: 1 << 7)
  package static let extendedPidsPorts = DistributionFlags(rawValue: 1 << 8)
  package static let exportPtrTag = DistributionFlags(rawValue: 1 << 9)
  package static let bitBinaries = DistributionFlags(rawValue: 1 << 10)
  package static let newFloats = DistributionFlags(rawValue: 1 << 11)
  package static let unicodeIO = DistributionFlags(rawValue: 1 << 12)
  package static let smallAtomTags = DistributionFlags(rawValue: 1 << 14)
  package static let utf8Atoms = DistributionFlags(rawValue: 1 << 16)
  package static let mapTag = DistributionFlags(rawValue: 1 << 17)
  package static let bigCreation = DistributionFlags(rawValue: 1 << 18)
  package static let handshake23 = DistributionFlags(rawValue: 1 << 24)
  package static let unlinkID = DistributionFlags(rawValue: 1 << 25)
  package static let spawn = DistributionFlags(rawValue: 1 << 32)
  package static let v4NC = DistributionFlags(rawValue: 1 << 34)
  package static let alias = DistributionFlags(rawValue: 1 << 35)
  /// Stands for all of ``mandatory25``: OTP 25 and newer may say only this.
  package static let mandatory25Digest = DistributionFlags(rawValue: 1 << 36)

  /// What every node of OTP 25 can do.
  /// https://www.erlang.org/doc/apps/erts/erl_dist_protocol.html#distribution-flags
  package static let mandatory25: DistributionFlags = [
    .extendedReferences, .funTags, .newFunTags, .extendedPidsPorts, .exportPtrTag, .bitBinaries, .newFloats,
    .utf8Atoms, .mapTag, .bigCreation, .handshake23,
  ]

  /// Ours. No atom cache and no fragments: their formats are never sent to a node that does not offer them.
  static let ours: DistributionFlags = [
    .extendedReferences, .distMonitor, .funTags, .distMonitorName, .newFunTags, .extendedPidsPorts,
    .exportPtrTag, .bitBinaries, .newFloats, .unicodeIO, .smallAtomTags, .utf8Atoms, .mapTag, .bigCreation,
    .handshake23, .unlinkID, .spawn, .v4NC, .alias, .mandatory25Digest,
  ]

  /// Without these a node cannot be understood.
  static let needed: DistributionFlags = [
    .extendedReferences, .extendedPidsPorts, .newFloats, .utf8Atoms, .mapTag, .bigCreation, .handshake23,
  ]

  /// With the flags that the short form stands for.
  var expanded: DistributionFlags { contains(.mandatory25Digest) ? union(.mandatory25) : self }
}
