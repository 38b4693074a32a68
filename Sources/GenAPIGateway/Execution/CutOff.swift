import GenAPIValue

/// Why a request that has begun is given up though its client would still be there for the answer.
package enum CutOff: UInt8, Sendable {
  /// The gateway shuts down, and the request took longer than it was given.
  case shutdown = 1
  /// Its connection has to end.
  case connectionEnds

  /// What the client reads: that nobody knows whether it was done.
  package var text: ByteText {
    switch self {
    case .shutdown: "Service shut down before the answer; it may have been done"
    case .connectionEnds: "The connection ended before the answer; it may have been done"
    }
  }

  /// What the operator reads.
  var cause: ByteText {
    switch self {
    case .shutdown: "the gateway shut down before the answer"
    case .connectionEnds: "the connection had to end before the answer"
    }
  }
}

/// A connection of which work may be cut off: what is given up from then on has not been given up by its client.
package protocol CutOffConnection: ClientConnection {
  /// nil until its work is cut off.
  var cutOff: CutOff? { get }
}
