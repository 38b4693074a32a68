#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A descriptor that a program writes to: all of it gets there, or the caller learns why not.
public struct Output: Sendable {
  public static let standard = Output(descriptor: STDOUT_FILENO, name: "standard output")
  public static let error = Output(descriptor: STDERR_FILENO, name: "standard error")

  public let descriptor: Int32
  /// For messages.
  public let name: String

  public init(descriptor: Int32, name: String) {
    self.descriptor = descriptor
    self.name = name
  }

  /// Waits for a reader that is slow, also where another program made the pipe non-blocking for all who share it.
  ///
  /// The program has to ignore SIGPIPE, or a reader that is gone ends it.
  public func write(_ bytes: some Collection<UInt8>) throws(OutputError) {
    let bytes = ContiguousArray(bytes)
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { pointer in
        #if canImport(Glibc)
          Glibc.write(descriptor, pointer.baseAddress! + written, pointer.count - written)
        #else
          Darwin.write(descriptor, pointer.baseAddress! + written, pointer.count - written)
        #endif
      }
      if count >= 0 {
        written += count
        continue
      }
      switch errno {
      case EINTR: continue
      case EAGAIN, EWOULDBLOCK:
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&request, 1, -1)
      case EPIPE: throw .readerGone
      case let code: throw .failed(name: name, code: code)
      }
    }
  }

  public func write(_ text: String) throws(OutputError) { try write(text.utf8) }

  /// Waits so long at most for a reader that does not read. The text has to fit into what a pipe takes at once: 4 kB.
  public func write(_ text: String, withinMs milliseconds: Int32) throws(OutputError) {
    var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    if poll(&request, 1, milliseconds) == 0 { throw .failed(name: name, code: ETIMEDOUT) }
    try write(text)
  }

  /// Why nothing can be written to it, as far as that can be known without writing; nil when it may be possible.
  public var fault: OutputError? {
    let flags = fcntl(descriptor, F_GETFL)
    if flags < 0 || flags & O_ACCMODE == O_RDONLY { return .failed(name: name, code: EBADF) }
    return isReaderGone ? .readerGone : nil
  }

  /// Whether nobody can read any more what would be written: the other end of a pipe is closed.
  public var isReaderGone: Bool {
    var request = pollfd(fd: descriptor, events: 0, revents: 0)
    return poll(&request, 1, 0) > 0 && request.revents & Int16(POLLERR | POLLHUP) != 0
  }
}
