import Foundation
import GenAPIGateway
import GenAPITelemetry
import Logging
import ProgramOutput

/// The program's log: level and format can change while it runs, and nobody who logs waits for the log's reader.
///
/// ```swift
/// let log = ServerLog(.info)
/// let logger = log.logger(label: "genapi.server")
/// defer { log.finish() }
/// ```
package final class ServerLog: Sendable {
  /// Bytes of lines that wait to be written; more lines are dropped and counted.
  package static let limitBytes = 1 << 20

  private let style: LogStyle
  private let writer: LogWriter
  private let losses = LogLossCheck()

  /// Writes to standard error.
  package convenience init(_ level: Logger.Level, format: LogFormat = .text) {
    self.init(
      level, format: format, output: .error,
      journalStream: ProcessInfo.processInfo.environment["JOURNAL_STREAM"])
  }

  init(
    _ level: Logger.Level, format: LogFormat = .text, output: Output,
    limitBytes: Int = ServerLog.limitBytes, journalStream: String? = nil, time: any TimeSource = SystemTime()
  ) {
    let style = LogStyle(
      level, format, isJournal: JournalStream.reads(output.descriptor, journalStream), time: time)
    self.style = style
    writer = LogWriter(output: output, limitBytes: limitBytes) { count in
      style.line(
        .warning, "genapi.log", "lines of the log are missing here: nobody took them in time",
        [("lines", .stringConvertible(count))])
    }
  }

  package var level: Logger.Level {
    get { style.level }
    set { style.level = newValue }
  }

  package var format: LogFormat {
    get { style.format }
    set { style.format = newValue }
  }

  /// Lines that nobody will read: they had no room, or could not be written.
  package var droppedLines: Int64 { writer.dropped }

  /// Whether all of it is written.
  ///
  /// - Parameter nowNs: of the steady clock.
  func check(at nowNs: Int64) -> HealthCheck { losses.check(dropped: droppedLines, at: nowNs) }

  /// - Parameter level: of this logger alone, whatever the log's is; nil follows the log's.
  package func logger(label: String, level: Logger.Level? = nil) -> Logger {
    Logger(label: label) { [style, writer] in
      ServerLogHandler(label: $0, style: style, writer: writer, ownLevel: level)
    }
  }

  /// Waits until what was logged is written, so long at most: to be called before the program ends.
  package func finish(milliseconds: Int = 1_000) { writer.finish(milliseconds: milliseconds) }
}
