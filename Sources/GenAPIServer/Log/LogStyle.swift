import GenAPITelemetry
import Locking
import Logging

/// How lines of the log look now: level and format can change while the program runs.
final class LogStyle: Sendable {
  private let settings: Mutex<(level: Logger.Level, format: LogFormat)>
  /// The journal has a time and a priority of its own for every line.
  private let isJournal: Bool
  private let time: any TimeSource

  init(_ level: Logger.Level, _ format: LogFormat, isJournal: Bool, time: any TimeSource) {
    settings = Mutex((level, format))
    self.isJournal = isJournal
    self.time = time
  }

  var level: Logger.Level {
    get { settings.withLock { $0.level } }
    set { settings.withLock { $0.level = newValue } }
  }

  var format: LogFormat {
    get { settings.withLock { $0.format } }
    set { settings.withLock { $0.format = newValue } }
  }

  func line(
    _ level: Logger.Level, _ label: String, _ message: String,
    _ fields: [(key: String, value: Logger.MetadataValue)]
  ) -> [UInt8] {
    let line = LogLine(
      time: time.wallMicroseconds(), level: level, label: label, message: message, fields: fields)
    let format = format
    return line.bytes(format == .text && isJournal ? .journald : format)
  }
}
