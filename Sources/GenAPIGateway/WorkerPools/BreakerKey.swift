import GenAPIValue

/// What fails together: a service, on one node where it is on several.
struct BreakerKey: Hashable, Sendable {
  var service: ByteText
  /// The node chosen for a call; nil for local functions.
  var node: ByteText?
}

extension BreakerKey: Comparable {
  static func < (a: BreakerKey, b: BreakerKey) -> Bool {
    (a.service, a.node ?? "") < (b.service, b.node ?? "")
  }
}
