import GenAPIStream
import GenAPIValue

/// Where the dashboard's knowledge comes from: gateways, or a recording. Used by the thread that owns the screen.
protocol Feed: AnyObject {
  /// The addresses, as the user wrote them.
  var targets: [ByteText] { get }
  /// When the last frame was sent, for a recording: the dashboard's clock follows it. nil: the clock is now.
  var clock: Int64? { get }
  /// How often the gateways send their state; a recording's pace is learned from its frames.
  var intervalMs: Int { get }

  func start()
  /// Everything that came since the last call; never waits.
  func take() -> [FeedMessage]
  /// The same one by one, for a reader of very many.
  func take(_ body: (FeedMessage) -> Void)
  /// Milliseconds until something is due without a wake; nil when only a wake brings news.
  func wait() -> Int64?
  /// Nothing more will ever come, as at the end of a recording.
  var isOver: Bool { get }
  /// Asks the gateways to send only what passes.
  func narrow(to filter: EventFilter)
  func stop()
}

extension Feed {
  var isOver: Bool { false }

  func take(_ body: (FeedMessage) -> Void) { take().forEach(body) }
}

/// One thing that came from one target.
struct FeedMessage {
  var target: ByteText
  var event: SubscriberEvent
  /// When it came, of a recording, in microseconds since the Unix epoch: several are taken at once, and each belongs
  /// to its own second. nil: now.
  var at: Int64?
}
