import Foundation

/// What the system says of this process beside its memory and time.
package struct ProcessLimits: Sendable {
  /// In seconds since the Unix epoch; 0 where the system does not say.
  package var startedAt: Double = 0
  package var openDescriptors = 0
  package var maxDescriptors: UInt64 = 0

  package init() {}

  static func read() -> ProcessLimits {
    var limits = ProcessLimits()
    limits.startedAt = startTime
    var limit = rlimit()
    #if canImport(Glibc)
      let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
      let resource = RLIMIT_NOFILE
    #endif
    if getrlimit(resource, &limit) == 0 { limits.maxDescriptors = UInt64(limit.rlim_cur) }
    limits.openDescriptors = openDescriptors ?? Int(clamping: limits.maxDescriptors)
    return limits
  }

  /// nil when none is left to count them with. 0 where the system does not say.
  private static var openDescriptors: Int? {
    guard let folder = opendir("/proc/self/fd") else { return errno == EMFILE ? nil : 0 }
    defer { closedir(folder) }
    var count = 0
    while let entry = readdir(folder) {
      // `.` and `..` are none.
      let first = withUnsafeBytes(of: &entry.pointee.d_name) { $0[0] }
      if first != UInt8(ascii: ".") { count += 1 }
    }
    // The folder that is open for reading is one of them, and closed when this returns.
    return max(0, count - 1)
  }

  /// From the system's ticks when it was started, and those until now. `/proc/stat`, which has when the system began, is
  /// hidden from services that systemd confines.
  private static let startTime: Double = {
    #if canImport(Glibc)
      var sinceBoot = timespec()
      guard let stat = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8),
        let end = stat.lastIndex(of: ")"), clock_gettime(CLOCK_BOOTTIME, &sinceBoot) == 0
      else { return 0 }
      // Fields after the name, which may hold anything: the start is the 20th.
      let fields = stat[stat.index(after: end)...].split(separator: " ")
      guard fields.count > 19, let ticks = Double(fields[19]) else { return 0 }
      let age =
        Double(sinceBoot.tv_sec) + Double(sinceBoot.tv_nsec) / 1e9 - ticks
        / Double(sysconf(Int32(_SC_CLK_TCK)))
      return Date().timeIntervalSince1970 - age
    #else
      return 0
    #endif
  }()
}
