import Logging
import OutsideText

/// Writes log lines to standard error, one for each message: what came from outside cannot end a line and begin another,
/// nor act on the terminal that shows it.
public struct ShownLogHandler<Handler: LogHandler>: LogHandler {
  private var handler: Handler

  public init(_ handler: Handler) { self.handler = handler }

  public var logLevel: Logger.Level {
    get { handler.logLevel }
    set { handler.logLevel = newValue }
  }

  public var metadata: Logger.Metadata {
    get { handler.metadata }
    set { handler.metadata = newValue.mapped }
  }

  public var metadataProvider: Logger.MetadataProvider? {
    get { handler.metadataProvider }
    set { handler.metadataProvider = newValue }
  }

  public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { handler[metadataKey: key] }
    set { handler[metadataKey: key.shown] = newValue?.shown }
  }

  public func log(event: LogEvent) {
    var event = event
    event.message = "\(event.message.description.shown)"
    event.metadata = event.metadata?.mapped
    event.error = event.error.map { ShownError(description: "\($0)".shown) }
    handler.log(event: event)
  }
}

extension ShownLogHandler where Handler == StreamLogHandler {
  public static func standardError(label: String) -> ShownLogHandler {
    ShownLogHandler(StreamLogHandler.standardError(label: label))
  }
}

private struct ShownError: Error, CustomStringConvertible {
  var description: String
}

extension Logger.Metadata {
  fileprivate var mapped: Logger.Metadata {
    Logger.Metadata(map { ($0.key.shown, $0.value.shown) }, uniquingKeysWith: { first, _ in first })
  }
}

extension Logger.MetadataValue {
  fileprivate var shown: Logger.Metadata.Value {
    switch self {
    case .string(let text): .string(text.shown)
    case .stringConvertible(let value): .string(value.description.shown)
    case .dictionary(let values): .dictionary(values.mapped)
    case .array(let values): .array(values.map(\.shown))
    }
  }
}
