import Foundation
import Locking

/// Signals as bytes in a pipe, so that the loop reads them between two drawings like any other input.
enum SignalPipe {
  /// Asked to end from outside; everything else the loop handles goes on.
  static let endings: [Int32] = [SIGTERM, SIGHUP, SIGINT]
  private static let crashes: [Int32] = [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGABRT, SIGFPE]
  private static let notes: [Int32] = [SIGWINCH, SIGTSTP, SIGCONT]

  /// All others that end a process unless it handles them (signal(7)), real-time signals too: the terminal is given
  /// back, and the signal ends the process as it would have.
  private static let deaths: [Int32] = {
    #if canImport(Darwin)
      let all = Int32(1)...31
      let harmless = [SIGKILL, SIGSTOP, SIGCHLD, SIGURG, SIGTTIN, SIGTTOU, SIGPIPE, SIGXFSZ, SIGIO, SIGINFO]
    #else
      let all = Int32(1)...64
      let harmless = [SIGKILL, SIGSTOP, SIGCHLD, SIGURG, SIGTTIN, SIGTTOU, SIGPIPE, SIGXFSZ]
    #endif
    let others = Set(endings + crashes + notes + harmless + [SIGALRM])
    return all.filter { !others.contains($0) }
  }()

  /// How long an orderly end may take before the process leaves on its own: longer than any drawing to a
  /// terminal that reads.
  private static let graceSeconds: UInt32 = 2

  private static let writeEnd = Atomic<Int32>(-1)
  private static let readEnd = Atomic<Int32>(-1)

  /// The descriptor to poll; each byte read is a signal number.
  static var descriptor: Int32 { readEnd.load(ordering: .relaxed) }

  /// Call after ncurses started, which installs handlers of its own that are not safe with threads.
  static func install() {
    if descriptor < 0 {
      var ends: [Int32] = [-1, -1]
      guard pipe(&ends) == 0 else { return }
      for end in ends {
        _ = fcntl(end, F_SETFL, O_NONBLOCK)
        _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      }
      readEnd.store(ends[0], ordering: .relaxed)
      writeEnd.store(ends[1], ordering: .relaxed)
      atexit { TerminalRestorer.restore() }
    }
    for signal in endings { handle(signal, with: endHandler) }
    for signal in notes { handle(signal, with: noteHandler) }
    handle(SIGALRM, with: leaveHandler)
    useOwnStack()
    for signal in crashes { handle(signal, with: crashHandler, once: true) }
    // Those that whoever started the program ignores stay ignored. The C library refuses what it needs itself.
    for signal in deaths where !isIgnored(signal) { handle(signal, with: deathHandler, once: true) }
    _ = signal(SIGPIPE, SIG_IGN)
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    guard sigaction(number, nil, &action) == 0 else { return true }
    #if canImport(Darwin)
      return unsafeBitCast(action.__sigaction_u.__sa_handler, to: Int.self) == 1
    #else
      return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
    #endif
  }

  /// The signals that came since the last call.
  static func drain() -> [Int32] {
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = read(descriptor, &bytes, bytes.count)
    return count > 0 ? bytes[..<count].map(Int32.init) : []
  }

  /// Takes out a signal that came, and leaves the others.
  static func forget(_ number: Int32) {
    for other in drain() where other != number { note(other) }
  }

  private static func handle(
    _ number: Int32, with handler: @escaping @convention(c) (Int32) -> Void, once: Bool = false
  ) {
    var action = sigaction()
    #if canImport(Darwin)
      action.__sigaction_u.__sa_handler = handler
    #else
      action.__sigaction_handler.sa_handler = handler
    #endif
    action.sa_flags =
      once ? Int32(bitPattern: UInt32(SA_RESETHAND) | UInt32(SA_ONSTACK)) : Int32(SA_RESTART)
    sigaction(number, &action, nil)
  }

  /// Where the stack itself has run out, a handler needs another: of the thread that draws, kept for ever.
  private static func useOwnStack() {
    guard !hasOwnStack.exchange(true, ordering: .relaxed) else { return }
    let bytes = 64 * 1024
    var stack = stack_t(
      ss_sp: UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 16), ss_flags: 0, ss_size: bytes)
    sigaltstack(&stack, nil)
  }

  private static let hasOwnStack = Atomic<Bool>(false)

  private static func note(_ number: Int32) {
    let saved = errno
    var byte = UInt8(truncatingIfNeeded: number)
    // A full pipe holds 64 KiB of signals nobody read: one more tells nothing new.
    _ = write(writeEnd.load(ordering: .relaxed), &byte, 1)
    errno = saved
  }

  private static let noteHandler: @convention(c) (Int32) -> Void = { number in note(number) }

  /// The signal that is ending the program; 0 while none is.
  private static let endingNumber = Atomic<Int32>(0)

  /// The signal that is ending the program; nil while none is.
  static var ending: Int32? {
    let number = endingNumber.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }

  private static let endHandler: @convention(c) (Int32) -> Void = { number in
    endingNumber.store(number, ordering: .relaxed)
    note(number)
    alarm(graceSeconds)
  }

  /// The loop did not end in time: it hangs in a write to a terminal that does not read. Or somebody else sent the
  /// alarm, which then ends the program as it would any other.
  private static let leaveHandler: @convention(c) (Int32) -> Void = { number in
    TerminalRestorer.restore()
    if let ending { _exit(128 + ending) }
    _ = signal(number, SIG_DFL)
    raise(number)
  }

  private static let deathHandler: @convention(c) (Int32) -> Void = { number in
    endingNumber.store(number, ordering: .relaxed)
    // Where nobody reads the terminal, what was kept for it must not hold up the end.
    alarm(graceSeconds)
    TerminalRestorer.restore()
    raise(number)
  }

  private static let crashHandler: @convention(c) (Int32) -> Void = { number in
    endingNumber.store(number, ordering: .relaxed)
    // Where nobody reads the terminal, the last words must not hold up the end.
    alarm(graceSeconds)
    TerminalRestorer.restore()
    CrashReport.write(signal: number)
    raise(number)
  }
}
