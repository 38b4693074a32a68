import GenAPIStream
import GenAPIValue

/// A recording as fast as it can be read, for what is printed without a screen.
final class RecordedFeed: Feed {
  let targets: [ByteText]
  let clock: Int64? = nil
  let intervalMs = StreamProtocol.defaultIntervalMs
  private(set) var isOver = false
  /// How many frames are taken at once: none of a long recording is held for longer than it is looked at.
  private static let mostAtOnce = 5_000
  /// Of what is wrong with it, more than this is only counted.
  private static let mostUsageErrors = 3

  private var reader: RecordingReader
  private var connections: RecordedConnections
  private var usageErrors = 0
  /// Lines and parts in its middle that could not be read; that its end is missing is not counted.
  private(set) var damages = 0

  /// - Throws: `RecordingError` when the file cannot be opened or is no recording.
  init(path: String) throws {
    reader = try RecordingReader(path: path)
    targets = reader.header.targets.isEmpty ? [ByteText(path)] : reader.header.targets
    connections = RecordedConnections(targets)
  }

  /// - Throws: an exit code, after having told why it cannot be opened.
  convenience init(opening path: String) throws {
    do {
      try self.init(path: path)
    } catch {
      throw UsageError.end("\(error)", code: UsageError.usage)
    }
  }

  func start() {}

  func take() -> [FeedMessage] {
    var messages: [FeedMessage] = []
    while !isOver, messages.count < Self.mostAtOnce {
      do {
        if let frame = try reader.next() {
          messages += connections.messages(for: frame)
        } else {
          isOver = true
          for warning in reader.warnings { reportError(warning) }
        }
      } catch {
        damages += 1
        reportError("\(error)")
      }
    }
    if isOver, usageErrors > Self.mostUsageErrors {
      UsageError.say("\(usageErrors - Self.mostUsageErrors) more lines could not be read")
    }
    return messages
  }

  private func reportError(_ text: String) {
    usageErrors += 1
    if usageErrors <= Self.mostUsageErrors { UsageError.say(text) }
  }

  func wait() -> Int64? { isOver ? nil : 0 }

  func narrow(to filter: EventFilter) -> Bool { false }

  func stop() {}
}
