#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What is different for the first process of a container.
public enum FirstProcess {
  /// Lets SIGTERM, SIGINT and SIGHUP end the program as they end any other, with 128 and their number: the system keeps them from a
  /// process whose number is 1 unless it handles them. What the program does about them itself later is not changed by it.
  public static func endsBySignals() {
    guard getpid() == 1 else { return }
    for number in [SIGTERM, SIGINT, SIGHUP] {
      // Nothing but what a handler may do.
      let before = signal(number) { _exit(128 + $0) }
      // Whoever started the program may have had it ignored.
      let isIgnored = unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
      if isIgnored { signal(number, SIG_IGN) }
    }
  }
}
