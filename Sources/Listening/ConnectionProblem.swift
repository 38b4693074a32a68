import NIOCore
import NIOPosix

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Says in words why a connection could not be made.
public enum ConnectionProblem {
  /// As a sentence goes on after `cannot be reached: `.
  public static func describe(_ error: any Error) -> String {
    switch error {
    case let error as NIOConnectionError: describe(error)
    case let error as IOError: describe(errno: error.errnoCode)
    case ChannelError.connectTimeout: "no answer within 5 s"
    default: AddressProblem.describe(error) ?? "\(error)"
    }
  }

  /// Whether the machine is there, and nobody listens on its port.
  public static func isRefusal(_ error: any Error) -> Bool {
    switch error {
    case let error as NIOConnectionError: error.connectionErrors.first.map { isRefusal($0.error) } ?? false
    case let error as IOError: error.errnoCode == ECONNREFUSED
    default: false
    }
  }

  private static func describe(_ error: NIOConnectionError) -> String {
    if let first = error.connectionErrors.first { return describe(first.error) }
    if error.dnsAError != nil || error.dnsAAAAError != nil { return "the host \(error.host) is not known" }
    return "no address of \(error.host) answers"
  }

  private static func describe(errno code: CInt) -> String {
    switch code {
    case ECONNREFUSED: "nobody listens there (connection refused)"
    case ENOENT: "there is no such socket"
    case EACCES: "permission denied"
    case ETIMEDOUT: "no answer"
    default: String(cString: strerror(code))
    }
  }
}
