import Foundation
import GenAPIStream
import GenAPIValue
import Synchronization

/// Gateways, each through a connection of its own that is made again for ever.
///
/// What waits is bounded by the subscribers: events above the bound are dropped and counted, of the rest no more
/// is read from a connection than is taken here.
final class LiveFeed: Feed {
  let targets: [ByteText]
  let clock: Int64? = nil
  var intervalMs: Int { subscription.intervalMs }
  private let subscribers: [StreamSubscriber]
  private let wake: WakePipe
  private var subscription: Subscription
  private(set) var recording: RecordingWriter?

  init(targets: [StreamTarget], subscription: Subscription, wake: WakePipe) {
    self.targets = targets.map { "\($0)" }
    self.subscription = subscription
    self.wake = wake
    subscribers = targets.map { StreamSubscriber(target: $0, subscription: subscription) }
  }

  func start() {
    for subscriber in subscribers {
      subscriber.onReady { [wake] in wake.wake() }
      subscriber.start()
    }
  }

  func take() -> [FeedMessage] {
    var messages: [FeedMessage] = []
    take { messages.append($0) }
    return messages
  }

  func take(_ body: (FeedMessage) -> Void) {
    for (target, subscriber) in zip(targets, subscribers) {
      for event in subscriber.drain() {
        body(FeedMessage(target: target, event: Self.short(event, target)))
      }
    }
  }

  /// Whoever reads the reason sees the target beside it.
  private static func short(_ event: SubscriberEvent, _ target: ByteText) -> SubscriberEvent {
    guard case .failed(let reason) = event else { return event }
    return .failed(reason.dropping(prefix: "cannot connect to \(target): ") ?? reason)
  }

  func wait() -> Int64? { nil }

  func narrow(to filter: EventFilter) {
    guard filter != subscription.filter else { return }
    subscription.filter = filter
    for subscriber in subscribers { subscriber.update(subscription: subscription) }
  }

  /// Writes all that comes from now on to a file, which is made anew.
  func record(to path: String) throws {
    stopRecording()
    let now = Int64(Date().timeIntervalSince1970 * 1_000_000)
    let writer = try RecordingWriter(path: path, startedAt: now, targets: subscribers.map(\.target))
    recording = writer
    for subscriber in subscribers { subscriber.record(to: writer) }
  }

  func stopRecording() {
    for subscriber in subscribers { subscriber.record(to: nil) }
    // Its failure may only show now.
    recording?.close()
    recording = nil
  }

  /// At most a second: a gateway that does not answer must not keep the program from ending.
  func stop() {
    stopRecording()
    let subscribers = subscribers
    Blocking.wait(atMost: .seconds(1)) {
      await withTaskGroup { group in
        for subscriber in subscribers { group.addTask { await subscriber.stop() } }
      }
    }
  }
}
