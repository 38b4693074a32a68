import Listening
import NIOCore
import NIOPosix

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Says in words why a client's socket could not be opened, or ended.
enum ConnectFailure {
  static func describe(_ error: any Error) -> String {
    switch error {
    case let error as NIOConnectionError:
      if let first = error.connectionErrors.first { return describe(first.error) }
      return "the host \(error.host) is not known"
    case let error as IOError:
      if error.errnoCode == ECONNREFUSED { return "nobody listens there (connection refused)" }
      return String(cString: strerror(error.errnoCode))
    case is ChannelError: return "the server ended the connection"
    default: return ConnectionProblem.describe(error)
    }
  }
}
