import GenAPIValue

/// Why a request that has begun is given up though its client would still be there for the answer.
package enum CutOff: Sendable {
  /// The gateway shuts down, and the request took longer than it was given.
  case shutdown
  /// Its connection has to end.
  case connectionEnds

  /// What the client reads: that nobody knows whether it was done.
  package var text: ByteText {
    switch self {
    case .shutdown: "Service shut down before the answer; it may have been done"
    case .connectionEnds: "The connection ended before the answer; it may have been done"
    }
  }
}
