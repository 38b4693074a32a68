import GenAPIValue

/// What became of the last readings of a gateway's configuration.
public struct ConfigurationState: StateFields {
  /// When what is in force was read, microseconds since the Unix epoch; nil where the gateway does not tell, as older
  /// ones and those in a program of their own do not.
  public var readAt: Int64?
  /// When it was last read, or tried to be.
  public var lastReadAt: Int64?
  /// Readings since the start that went well, the first one not counted.
  public var reloads: Int64
  /// Readings since the start of which something did not come into force.
  public var failedReloads: Int64
  /// What was wrong at the last reading; nil when nothing was.
  public var fault: ByteText?
  /// Settings that say something else than what is in force until a restart.
  public var waiting: [ByteText]

  /// Makes one, by default of a gateway that does not tell.
  public init(
    readAt: Int64? = nil, lastReadAt: Int64? = nil, reloads: Int64 = 0, failedReloads: Int64 = 0,
    fault: ByteText? = nil, waiting: [ByteText] = []
  ) {
    self.readAt = readAt
    self.lastReadAt = lastReadAt
    self.reloads = reloads
    self.failedReloads = failedReloads
    self.fault = fault
    self.waiting = waiting
  }

  /// Whether the gateway tells of it.
  public var isTold: Bool { lastReadAt != nil }

  public mutating func edit(_ editor: inout some StateEditor) {
    editor.time(&readAt)
    editor.time(&lastReadAt)
    editor.count(&reloads)
    editor.count(&failedReloads)
    editor.text(&fault)
    editor.names(&waiting)
  }

  private enum CodingKeys: String, CodingKey {
    case readAt = "read_at"
    case lastReadAt = "last_read_at"
    case reloads
    case failedReloads = "failed_reloads"
    case fault
    case waiting
  }
}
