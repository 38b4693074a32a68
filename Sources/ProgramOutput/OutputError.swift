#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Why something could not be written.
public enum OutputError: Error, Equatable, CustomStringConvertible {
  /// The reader of a pipe ended: `genapi-top events | head -1`.
  case readerGone
  case failed(name: String, code: Int32)
  /// A named pipe that nobody opened to read, or a socket.
  case noReader(name: String)

  public var description: String {
    switch self {
    case .readerGone: "nobody reads it any more"
    case .noReader(let name): "cannot write to \(name): nobody reads it"
    case .failed(let name, let code): "cannot write to \(name): \(String(cString: strerror(code)))"
    }
  }

  /// Ends the program as the system ends one whose reader is gone: without a word, and not with 0.
  public static func endWithoutReader() -> Never {
    signal(SIGPIPE, SIG_DFL)
    raise(SIGPIPE)
    // Only where whoever started the program blocks the signal.
    exit(128 + SIGPIPE)
  }
}
