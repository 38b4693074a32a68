import Foundation
import GenAPITelemetry
import Locking

/// What the operating system says of this process.
enum ProcessReading {
  private static let ticksPerSecond = Double(sysconf(Int32(_SC_CLK_TCK)))
  private static let pageBytes = Int64(sysconf(Int32(_SC_PAGESIZE)))

  /// What was read last: counters that fell to 0 while no descriptor is left to read them with would look like a restart.
  private static let last = Mutex(ProcessState())

  /// Zeros where the system has no /proc.
  static func state(uptimeMs: Int64) -> ProcessState {
    var state = last.withLock { $0 }
    state.uptimeMs = uptimeMs
    if let stat = read("/proc/self/stat"), let end = stat.lastIndex(of: ")") {
      // Fields after the name, which may hold anything: utime is the 12th, stime the 13th, threads the 18th.
      let fields = stat[stat.index(after: end)...].split(separator: " ")
      if fields.count > 17 {
        let ticks = (Double(fields[11]) ?? 0) + (Double(fields[12]) ?? 0)
        state.cpuSeconds = ticks / ticksPerSecond
        state.threads = Int(fields[17]) ?? 0
      }
    }
    if let statm = read("/proc/self/statm") {
      let fields = statm.split(separator: " ")
      if fields.count > 1 { state.residentBytes = (Int64(fields[1]) ?? 0) * pageBytes }
    }
    last.withLock { $0 = state }
    return state
  }

  private static func read(_ path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var buffer = [UInt8](repeating: 0, count: 1_024)
    let count = fread(&buffer, 1, buffer.count, file)
    return String(decoding: buffer[..<count], as: UTF8.self)
  }
}
