import GenAPIStream
import GenAPIValue

/// Where the dashboard's knowledge comes from: gateways, or a recording. Used by the thread that owns the screen.
protocol Feed: AnyObject {
  /// The addresses, as the user wrote them.
  var targets: [ByteText] { get }
  /// What the dashboard's clock follows: of a recording when the last frame came, of gateways when the oldest came that
  /// waits to be taken, so that nothing seems old that only was not looked at. nil: the clock is now.
  var clock: Int64? { get }
  /// How far behind the present what is taken next is, in microseconds; 0 for a recording.
  var behind: Int64 { get }
  /// How often what waited was passed over, since there was too much of it.
  var skips: Int { get }
  /// By target, how many functions its first numbers are of, as far as that is known before they are here.
  var functionsToRead: [ByteText: Int] { get }
  /// How often the gateways send their state; a recording's pace is learned from its frames.
  var intervalMs: Int { get }

  func start()
  /// Everything that came since the last call; never waits.
  func take() -> [FeedMessage]
  /// The same one by one, no longer than until a moment of `Monotonic`; what is left then is due at once.
  func take(until deadline: Int64, _ body: (FeedMessage) -> Void)
  /// Milliseconds until something is due without a wake; nil when only a wake brings news.
  func wait() -> Int64?
  /// Nothing more will ever come, as at the end of a recording.
  var isOver: Bool { get }
  /// Asks the gateways to send only what passes.
  ///
  /// - Returns: whether they send from now on what they did not before.
  func narrow(to filter: EventFilter) -> Bool
  func stop()
}

extension Feed {
  var isOver: Bool { false }

  var behind: Int64 { 0 }

  var skips: Int { 0 }

  var functionsToRead: [ByteText: Int] { [:] }

  func take(until deadline: Int64, _ body: (FeedMessage) -> Void) { take().forEach(body) }
}

/// One thing that came from one target.
struct FeedMessage {
  var target: ByteText
  var event: SubscriberEvent
  /// When it came, in microseconds since the Unix epoch: several are taken at once, and each belongs to its own second.
  /// nil: now.
  var at: Int64?
}
