/// The gateway's operating system process.
public struct ProcessState: StateFields {
  /// User and system time since the start.
  public var cpuSeconds: Double
  /// Memory that the process holds, in bytes.
  public var residentBytes: Int64
  /// Threads that it has now.
  public var threads: Int
  /// How long it has run, in milliseconds.
  public var uptimeMs: Int64

  public init(cpuSeconds: Double = 0, residentBytes: Int64 = 0, threads: Int = 0, uptimeMs: Int64 = 0) {
    self.cpuSeconds = cpuSeconds
    self.residentBytes = residentBytes
    self.threads = threads
    self.uptimeMs = uptimeMs
  }

  public mutating func edit(_ editor: inout some StateEditor) {
    editor.seconds(&cpuSeconds)
    editor.count(&residentBytes)
    editor.count(&threads)
    editor.count(&uptimeMs)
  }

  private enum CodingKeys: String, CodingKey {
    case cpuSeconds = "cpu_seconds"
    case residentBytes = "resident_bytes"
    case threads
    case uptimeMs = "uptime_ms"
  }
}
