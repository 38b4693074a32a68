import Logging

/// Writes one log line per event: its name, with its measurements and metadata as log metadata.
public struct LogAdapter: TelemetryAdapter {
  public let selection: EventSelection
  /// The level of every line.
  public let level: Logger.Level
  private let logger: Logger

  /// Makes an adapter that writes the selected events to a log, each as one line of the level.
  public init(
    logger: Logger = Logger(label: "genapi.telemetry"), level: Logger.Level = .debug,
    selection: EventSelection = .all
  ) {
    self.logger = logger
    self.level = level
    self.selection = selection
  }

  public func handle(_ event: EmittedEvent) {
    logger.log(level: level, "\(event.name.path)", metadata: LogMetadataVisitor.metadata(of: event))
  }
}

extension TelemetryBus {
  /// The id of the built-in logger, unless another is given.
  public static let defaultLoggerID = "phoenix-gen-api-default-logger"

  /// Logs one line per event of the catalogue, at debug level unless told otherwise.
  ///
  /// - Throws: `BusError` when it is attached already.
  public func attachDefaultLogger(
    _ id: String = defaultLoggerID, logger: Logger = Logger(label: "genapi.telemetry"),
    level: Logger.Level = .debug, selection: EventSelection = .all
  ) throws {
    try attach(id, LogAdapter(logger: logger, level: level, selection: selection))
  }

  /// Ends what `attachDefaultLogger` began; false when it was not attached.
  @discardableResult
  public func detachDefaultLogger(_ id: String = defaultLoggerID) -> Bool { detach(id) }
}
