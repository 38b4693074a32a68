import Logging

/// Makes a line of each message and leaves it to the log's thread. Asks for the level at every message.
struct ServerLogHandler: LogHandler {
  let label: String
  let style: LogStyle
  let writer: LogWriter
  var metadata: Logger.Metadata = [:]
  var metadataProvider: Logger.MetadataProvider?

  /// Does not follow the log's level.
  private let ownLevel: Logger.Level?

  init(label: String, style: LogStyle, writer: LogWriter, ownLevel: Logger.Level? = nil) {
    self.ownLevel = ownLevel
    self.label = label
    self.style = style
    self.writer = writer
  }

  var logLevel: Logger.Level {
    get { ownLevel ?? style.level }
    set { style.level = newValue }
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    var fields = metadata
    for more in [metadataProvider?.get(), event.metadata] {
      if let more { fields.merge(more) { $1 } }
    }
    if let error = event.error, fields["error"] == nil { fields["error"] = "\(error)" }
    let sorted = fields.sorted { $0.key < $1.key }
    writer.append(style.line(event.level, label, event.message.description, sorted))
  }
}
