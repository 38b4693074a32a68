import GenAPIValue

/// Why something went wrong on a node, with the node's name in front.
package enum NodeReason {
  /// `n1@host: closed the connection`: what begins with the node's name does not say it twice.
  package static func text(_ node: ByteText, _ reason: ByteText) -> ByteText {
    "\(node): \(unnamed(node, reason))"
  }

  /// `closed the connection on n1@host`: what names the node already does not say it twice.
  static func text(_ reason: ByteText, on node: ByteText?) -> ByteText {
    guard let node, !reason.string.utf8.contains(node.string.utf8) else { return reason }
    return "\(reason) on \(node)"
  }

  /// The reason without the node's name at its beginning, for where it stands before it anyway.
  package static func unnamed(_ node: ByteText, _ reason: ByteText) -> ByteText {
    var reason = reason
    while let rest = reason.dropping(prefix: node + ": ") ?? reason.dropping(prefix: node + " "),
      !rest.isEmpty
    {
      reason = rest
    }
    return reason
  }
}
