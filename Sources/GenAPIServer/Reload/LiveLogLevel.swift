import Logging
import Synchronization

/// A log level that can change while the program runs, for every logger made with it.
public final class LiveLogLevel: Sendable {
  private let level: Mutex<Logger.Level>

  public init(_ level: Logger.Level) { self.level = Mutex(level) }

  public var current: Logger.Level {
    get { level.withLock { $0 } }
    set { level.withLock { $0 = newValue } }
  }

  /// A logger that writes to standard error.
  public func logger(label: String) -> Logger {
    Logger(label: label) { LiveLogHandler(handler: .standardError(label: $0), live: self) }
  }
}

/// Asks for the level at every message.
private struct LiveLogHandler: LogHandler {
  var handler: ShownLogHandler<StreamLogHandler>
  let live: LiveLogLevel

  var logLevel: Logger.Level {
    get { live.current }
    set { live.current = newValue }
  }

  var metadata: Logger.Metadata {
    get { handler.metadata }
    set { handler.metadata = newValue }
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { handler[metadataKey: key] }
    set { handler[metadataKey: key] = newValue }
  }

  func log(event: LogEvent) { handler.log(event: event) }
}
