#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the first process of a container does besides its work: processes whose parents ended are its children, and stay as
/// zombies until it looks at how they ended.
enum OrphanReaping {
  /// To be called once, before anything else; nothing for any other process. A gateway has no children of its own.
  static func begin() {
    guard getpid() == 1 else { return }
    // The system does it for who ignores the signal: sigaction(2).
    signal(SIGCHLD, SIG_IGN)
    // Those that ended before.
    var status: CInt = 0
    while waitpid(-1, &status, WNOHANG) > 0 {}
  }
}
