import NIOCore

/// Says in words why a text is no address of a socket.
enum AddressProblem {
  /// nil for an error of another kind.
  static func describe(_ error: any Error) -> String? {
    switch error {
    case let error as SocketAddressError.UnknownHost: "the host \(error.host) is not known"
    case is SocketAddressError.FailedToParseIPByteBuffer: "these bytes are no IP address"
    case SocketAddressError.unsupported: "this machine does not speak that kind of address"
    case SocketAddressError.unixDomainSocketPathTooLong:
      "the path has more than \(ListenProblem.longestUnixPath) bytes"
    case SocketAddressError.failedToParseIPString(let text): "\(text) is no IP address"
    // What is left is a host that is not known, as older versions of the library have it.
    case is SocketAddressError: "the host is not known"
    default: nil
    }
  }
}
