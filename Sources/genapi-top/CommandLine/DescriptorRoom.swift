import Foundation

/// Whether the process may open the descriptors that it needs: event loops that get none end a program without a word.
enum DescriptorRoom {
  /// For pipes, sockets, files and what looks up names, beside event loops.
  private static let others = 9
  /// The demo's gateways have listeners and an event loop each.
  private static let demo = 24
  /// An event loop's, on Linux.
  private static let perLoop = 3
  /// Nothing needs more.
  private static let enough: rlim_t = 1_024

  static func needed(cores: Int, isDemo: Bool) -> Int {
    perLoop * cores + others + (isDemo ? demo : 0)
  }

  /// Raises the process's own limit where it is low, as far as the system lets it, and opens as many as are needed, to close them again.
  ///
  /// - Throws: an exit code, after having told how many there are.
  static func ensure(isDemo: Bool) throws {
    let needed = needed(cores: ProcessInfo.processInfo.processorCount, isDemo: isDemo)
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0 else { return }
    if limit.rlim_cur < enough {
      limit.rlim_cur = min(enough, limit.rlim_max)
      _ = setrlimit(resource, &limit)
    }
    let free = free(atMost: needed)
    guard free < needed else { return }
    throw UsageError.end(
      "the process may have \(limit.rlim_cur) descriptors open, of which \(free) are free, and needs \(needed): raise the limit "
        + "(ulimit -n)")
  }

  /// How many can be opened, up to a number.
  private static func free(atMost most: Int) -> Int {
    var opened: [Int32] = []
    defer { for descriptor in opened { close(descriptor) } }
    while opened.count < most {
      let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { break }
      opened.append(descriptor)
    }
    return opened.count
  }

  #if canImport(Glibc)
    private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
  #else
    private static let resource = RLIMIT_NOFILE
  #endif
}
