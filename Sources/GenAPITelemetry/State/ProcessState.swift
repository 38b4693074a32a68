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
  /// Lines of the log that nobody will read: they were not taken in time, or could not be written. Since the start.
  public var droppedLogLines: Int64

  public init(
    cpuSeconds: Double = 0, residentBytes: Int64 = 0, threads: Int = 0, uptimeMs: Int64 = 0,
    droppedLogLines: Int64 = 0
  ) {
    self.cpuSeconds = cpuSeconds
    self.residentBytes = residentBytes
    self.threads = threads
    self.uptimeMs = uptimeMs
    self.droppedLogLines = droppedLogLines
  }

  public mutating func edit(_ editor: inout some StateEditor) {
    editor.seconds(&cpuSeconds)
    editor.count(&residentBytes)
    editor.count(&threads)
    editor.count(&uptimeMs)
    editor.count(&droppedLogLines)
  }

  package enum CodingKeys: String, CodingKey, CaseIterable {
    case cpuSeconds = "cpu_seconds"
    case residentBytes = "resident_bytes"
    case threads
    case uptimeMs = "uptime_ms"
    case droppedLogLines = "dropped_log_lines"
  }
}

extension ProcessState {
  /// What gateways of before did not send is 0.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    cpuSeconds = try container.decode(Double.self, forKey: .cpuSeconds)
    residentBytes = try container.decode(Int64.self, forKey: .residentBytes)
    threads = try container.decode(Int.self, forKey: .threads)
    uptimeMs = try container.decode(Int64.self, forKey: .uptimeMs)
    droppedLogLines = try container.decodeIfPresent(Int64.self, forKey: .droppedLogLines) ?? 0
  }
}
