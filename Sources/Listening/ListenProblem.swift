import NIOCore
import NIOPosix

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Why a listener did not open, in words for whoever started the program.
public enum ListenProblem {
  /// `cannot listen on 127.0.0.1:4700: the address is in use` takes the second half from here.
  public static func describe(_ error: any Error) -> String {
    switch error {
    case let error as IOError: describe(errno: error.errnoCode)
    case is UnixDomainSocketPathWrongType: describe(errno: ENOTSOCK)
    default: AddressProblem.describe(error) ?? "\(error)"
    }
  }

  /// What every system takes for the path of a Unix socket: the smallest `sun_path` has 104 bytes with its end.
  public static let longestUnixPath = 103

  private static func describe(errno code: CInt) -> String {
    switch code {
    case EADDRINUSE: "the address is in use"
    case EADDRNOTAVAIL: "this machine has no such address"
    case EACCES, EPERM: "it is not permitted to this user"
    case ENOENT: "there is no such folder"
    case ENOTSOCK: "there is a file at that path, and it is no socket"
    case ENOTDIR: "the path leads through a file"
    case EROFS: "the file system cannot be written to"
    case EMFILE, ENFILE: "there are no more file descriptors"
    case EAFNOSUPPORT: "this machine does not speak that kind of address"
    default: String(cString: strerror(code))
    }
  }
}
