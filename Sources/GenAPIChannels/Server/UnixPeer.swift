import NIOCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Who made a connection over a Unix socket, as the system says.
struct UnixPeer: Sendable, Equatable {
  /// The user of the process at the other end.
  var userID: UInt32

  /// What everybody else gets than the user who runs this program, and root; nil for those two.
  var refusal: HTTPAnswer? {
    guard userID != geteuid(), userID != 0 else { return nil }
    return HTTPAnswer(status: 403, text: "only the user who runs the gateway, and root, may ask here")
  }

  #if canImport(Glibc)
    /// `struct ucred` of socket(7), which Glibc's headers show to those only that ask for GNU's extensions.
    private struct Credentials {
      var pid: Int32 = 0
      var uid: UInt32 = 0
      var gid: UInt32 = 0
    }
  #endif

  static func atOtherEnd(of channel: any Channel) -> EventLoopFuture<UnixPeer> {
    guard let options = channel as? any SocketOptionProvider else {
      return channel.eventLoop.makeFailedFuture(ChannelError.operationUnsupported)
    }
    #if canImport(Glibc)
      let credentials: EventLoopFuture<Credentials> = options.unsafeGetSocketOption(
        level: SocketOptionLevel(SOL_SOCKET), name: SocketOptionName(SO_PEERCRED))
      return credentials.map { UnixPeer(userID: $0.uid) }
    #else
      let credentials: EventLoopFuture<xucred> = options.unsafeGetSocketOption(
        level: SocketOptionLevel(SOL_LOCAL), name: SocketOptionName(LOCAL_PEERCRED))
      return credentials.map { UnixPeer(userID: $0.cr_uid) }
    #endif
  }
}
