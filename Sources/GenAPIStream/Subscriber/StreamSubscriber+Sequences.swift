extension StreamSubscriber {
  /// What arrives, in batches of everything that waits. For one reader.
  public struct Batches: AsyncSequence, AsyncIteratorProtocol, Sendable {
    let mailbox: SubscriberMailbox

    public func makeAsyncIterator() -> Self { self }

    public mutating func next() async -> [SubscriberEvent]? { await mailbox.next() }
  }

  /// What arrives, one by one. For one reader.
  public struct Events: AsyncSequence, AsyncIteratorProtocol, Sendable {
    let mailbox: SubscriberMailbox

    public func makeAsyncIterator() -> Self { self }

    public mutating func next() async -> SubscriberEvent? { await mailbox.nextOne() }
  }

  /// What arrives, in batches: for whoever takes thousands of events a second.
  public var batches: Batches { Batches(mailbox: mailbox) }
  /// What arrives, one by one.
  public var events: Events { Events(mailbox: mailbox) }

  /// Takes everything that waits, without waiting.
  public func drain() -> [SubscriberEvent] { mailbox.drain() }

  /// Takes at most so many of what waits, without waiting: the oldest, and the others that came until `latest`, in
  /// microseconds since the Unix epoch.
  public func take(atMost most: Int, until latest: Int64 = .max) -> [ArrivedEvent] {
    mailbox.take(atMost: most, until: latest)
  }

  /// The same, and nothing behind a state: whoever takes looks up after each, however many functions it has.
  package func takePiece(atMost most: Int, until latest: Int64) -> [ArrivedEvent] {
    mailbox.take(atMost: most, until: latest, endsWithState: true)
  }

  /// When the oldest came that waits to be taken, microseconds since the Unix epoch; nil when nothing waits.
  public var waitingSince: Int64? { mailbox.waitingSince }

  /// Whether something waits that cannot wait for long: anything but a state that tells of the process alone.
  package var hasNews: Bool { mailbox.hasNews }

  /// Calls back, from any thread, whenever something arrives that cannot wait for long, where no such thing waited.
  package func onNews(_ callback: (@Sendable () -> Void)?) { mailbox.setOnReady(forNews: true, callback) }

  /// Calls back, from any thread, whenever something arrives where nothing waited; `drain` then takes it.
  public func onReady(_ callback: (@Sendable () -> Void)?) { mailbox.setOnReady(callback) }
}
