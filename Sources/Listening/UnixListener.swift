import Locking
import NIOCore
import NIOPosix

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A listener on the file of a Unix socket, which it takes away at its end when the file is still its own.
///
/// By its path alone it could be that of a successor: started from the same configuration, after a script cleared the folder.
public enum UnixListener {
  /// Listens at a path, in place of the file of a socket that nobody answers on.
  ///
  /// - Parameter mode: of the file.
  /// - Throws: `IOError` or what `ListenProblem` describes, as when another process listens there.
  public static func bind(
    _ bootstrap: ServerBootstrap, at path: String, mode: UInt16, group: any EventLoopGroup
  )
    async throws -> any Channel
  {
    // A socket file that nobody answers on is left over from a crash; one that is answered is in use.
    if let other = try? await ClientBootstrap(group: group).connect(unixDomainSocketPath: path).get() {
      try? await other.close()
      throw IOError(errnoCode: EADDRINUSE, reason: "another process listens there")
    }
    let (descriptor, file) = try open(path, mode: mode)
    // From here on the channel closes the descriptor, also when this fails.
    let channel: any Channel
    do {
      channel = try await bootstrap.withBoundSocket(descriptor).get()
    } catch {
      file.remove()
      throw error
    }
    do {
      try await channel.pipeline.addHandler(UnixFileRemoval(file)).get()
    } catch {
      file.remove()
      try? await channel.close()
      throw error
    }
    return channel
  }

  /// A socket that is bound to a path and listens nowhere yet.
  private static func open(_ path: String, mode: UInt16) throws -> (CInt, UnixSocketFile) {
    let address = try SocketAddress(unixDomainSocketPath: path)
    var info = stat()
    if lstat(path, &info) == 0 {
      guard info.st_mode & S_IFMT == S_IFSOCK else {
        throw IOError(errnoCode: ENOTSOCK, reason: "lstat")
      }
      guard unlink(path) == 0 || errno == ENOENT else { throw IOError(errnoCode: errno, reason: "unlink") }
    }
    #if canImport(Glibc)
      let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
    #else
      let descriptor = socket(AF_UNIX, SOCK_STREAM, 0)
    #endif
    guard descriptor >= 0 else { throw IOError(errnoCode: errno, reason: "socket") }
    let result = address.withSockAddr { address, size in
      #if canImport(Glibc)
        Glibc.bind(descriptor, address, socklen_t(size))
      #else
        Darwin.bind(descriptor, address, socklen_t(size))
      #endif
    }
    guard result == 0 else {
      defer { close(descriptor) }
      throw IOError(errnoCode: errno, reason: "bind")
    }
    guard let file = UnixSocketFile(at: path), chmod(path, mode_t(mode)) == 0 else {
      let code = errno
      close(descriptor)
      throw IOError(errnoCode: code, reason: "the socket's mode cannot be set")
    }
    return (descriptor, file)
  }
}

/// The file of a Unix socket as it was when it was made.
struct UnixSocketFile: Sendable, Equatable {
  private let path: String
  private let device: UInt64
  private let inode: UInt64

  /// nil when there is no socket at the path.
  init?(at path: String) {
    var info = stat()
    guard lstat(path, &info) == 0, info.st_mode & S_IFMT == S_IFSOCK else { return nil }
    self.path = path
    device = UInt64(truncatingIfNeeded: info.st_dev)
    inode = UInt64(truncatingIfNeeded: info.st_ino)
  }

  /// Whether what is at the path now is this very file. Asked while its listener is open: the system may give the number of a
  /// file that nobody has any more to the next one.
  var isThere: Bool { UnixSocketFile(at: path) == self }

  func remove() { if isThere { unlink(path) } }
}

/// Takes the file of a listener away as the listener is closed, and not after: then it could be another's.
private final class UnixFileRemoval: ChannelOutboundHandler, Sendable {
  typealias OutboundIn = NIOAny

  private let file: UnixSocketFile

  init(_ file: UnixSocketFile) { self.file = file }

  func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
    file.remove()
    context.close(mode: mode, promise: promise)
  }
}
