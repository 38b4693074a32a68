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
    private var waiting = ArraySlice<SubscriberEvent>()

    init(mailbox: SubscriberMailbox) { self.mailbox = mailbox }

    public func makeAsyncIterator() -> Self { self }

    public mutating func next() async -> SubscriberEvent? {
      if waiting.isEmpty {
        guard let batch = await mailbox.next() else { return nil }
        waiting = batch[...]
      }
      return waiting.popFirst()
    }
  }

  public var batches: Batches { Batches(mailbox: mailbox) }
  public var events: Events { Events(mailbox: mailbox) }

  /// Takes everything that waits, without waiting.
  public func drain() -> [SubscriberEvent] { mailbox.drain() }

  /// Calls back, from any thread, whenever something arrives where nothing waited; `drain` then takes it.
  public func onReady(_ callback: (@Sendable () -> Void)?) { mailbox.setOnReady(callback) }
}
