import Foundation
import GenAPIAttach
import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import Locking
import OutsideText

/// Gateways, each through a connection of its own that is made again for ever.
///
/// What waits is bounded by the subscribers: events above the bound are dropped and counted, of the rest no more
/// is read from a connection than is taken here.
final class LiveFeed: Feed {
  let targets: [ByteText]
  var intervalMs: Int { subscription.intervalMs }
  let subscribers: [StreamSubscriber]
  /// Those of the targets that this program exports itself.
  private let attachments: Attachments
  private let wake: WakePipe
  private var subscription: Subscription
  private(set) var recording: RecordingWriter?
  /// How far behind it may fall before it goes on with the newest, in microseconds. nil: it never passes anything over, since
  /// whoever takes wants all.
  var mostBehind: Int64?
  /// For each target.
  private var catchUps: [CatchUp]
  private(set) var skips = 0

  /// - Parameter attach: how targets of the Elixir library are attached; nil when there is none.
  init(
    targets: [StreamTarget], subscription: Subscription, wake: WakePipe, attach: AttachSettings? = nil
  ) {
    self.targets = targets.map { "\($0)" }
    self.subscription = subscription
    self.wake = wake
    attachments = Attachments(targets, attach)
    subscribers = attachments.targets.map { StreamSubscriber(target: $0, subscription: subscription) }
    catchUps = targets.map { _ in CatchUp() }
  }

  func start() {
    attachments.narrow(to: subscription.filter)
    for (place, subscriber) in subscribers.enumerated() {
      subscriber.onNews { [wake] in wake.wake() }
      attachments.start(place) { isJustOpen in
        subscriber.start()
        // The pause of a subscriber that found nobody there would come on top of the one between two attachments.
        if isJustOpen { subscriber.expectGateway() }
      }
    }
  }

  /// How many are taken between two looks at the clock; a state, which may have thousands of functions, is the last of them.
  private static let piece = 64
  /// Of two gateways what came this close together may change places, in microseconds.
  private static let slack: Int64 = 50_000

  func take() -> [FeedMessage] {
    var messages: [FeedMessage] = []
    take(until: .max) { messages.append($0) }
    return messages
  }

  /// What came first is told first, whichever gateway it came from: the time of the model goes on with it.
  func take(until deadline: Int64, _ body: (FeedMessage) -> Void) {
    // What comes meanwhile is left for the next time, or this one might never end.
    let begun = SystemTime().wallMicroseconds()
    skipWhatIsOld(at: begun, body)
    // Those of which something waits, the oldest last: what comes meanwhile to others is left as well.
    var waiting = subscribers.enumerated().compactMap { place, subscriber in
      subscriber.waitingSince.map { (since: $0, place: place) }
    }
    waiting.sort { $0 > $1 }
    repeat {
      guard let (since, place) = waiting.popLast(), since <= begun else { return }
      let next = waiting.last?.since ?? .max
      for arrived in subscribers[place].takePiece(atMost: Self.piece, until: next.saturatingAdd(Self.slack)) {
        if catchUps[place].takes(arrived.event) { body(message(arrived, of: place)) }
      }
      if let since = subscribers[place].waitingSince {
        let before = waiting.firstIndex { $0 < (since, place) } ?? waiting.count
        waiting.insert((since, place), at: before)
      }
    } while Monotonic.milliseconds() < deadline
  }

  private func message(_ arrived: ArrivedEvent, of place: Int) -> FeedMessage {
    let event = Self.short(arrived.event, targets[place], attachments.problem(of: place))
    return FeedMessage(target: targets[place], event: event, at: arrived.at)
  }

  /// What waits too long is passed over, but for what became of the connection, and the gateway asked for its numbers anew.
  private func skipWhatIsOld(at now: Int64, _ body: (FeedMessage) -> Void) {
    guard let mostBehind, let clock, now - clock > mostBehind else { return }
    skips += 1
    var kept: [(place: Int, arrived: ArrivedEvent)] = []
    for (place, subscriber) in subscribers.enumerated() {
      kept += catchUps[place].skip(subscriber.take(atMost: .max)).map { (place, $0) }
      if catchUps[place].awaitsSnapshot { subscriber.askAgain() }
    }
    // In their order over all gateways: a time that goes back would be a clock that was set back.
    let ordered = kept.enumerated().sorted {
      ($0.element.arrived.at, $0.offset) < ($1.element.arrived.at, $1.offset)
    }
    for (_, (place, arrived)) in ordered { body(message(arrived, of: place)) }
  }

  var functionsToRead: [ByteText: Int] {
    var counts: [ByteText: Int] = [:]
    for (place, target) in targets.enumerated() { counts[target] = attachments.functionsRead(of: place) }
    return counts
  }

  var clock: Int64? { subscribers.compactMap(\.waitingSince).min() }

  var behind: Int64 { clock.map { max(0, SystemTime().wallMicroseconds() - $0) } ?? 0 }

  /// Whoever reads the reason sees the target beside it. Of one that is not attached that is the reason.
  private static func short(_ event: SubscriberEvent, _ target: ByteText, _ problem: ByteText?)
    -> SubscriberEvent
  {
    guard case .failed(let reason) = event else { return event }
    if let problem { return .failed(problem) }
    return .failed(reason.dropping(prefix: "cannot connect to \(target): ") ?? reason)
  }

  /// Quiet gateways are looked at once a second: waking up is nearly all that each of them costs.
  func wait() -> Int64? { subscribers.contains(where: \.hasNews) ? 0 : nil }

  func narrow(to filter: EventFilter) -> Bool {
    guard filter != subscription.filter else { return false }
    let sentAll = subscription.filter == EventFilter()
    subscription.filter = filter
    attachments.narrow(to: filter)
    for subscriber in subscribers { subscriber.update(subscription: subscription) }
    return !sentAll
  }

  /// Writes all that comes from now on to a new file.
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
    Blocking.wait(atMost: .seconds(1)) { [attachments] in
      await withTaskGroup { group in
        for subscriber in subscribers { group.addTask { await subscriber.stop() } }
        group.addTask { await attachments.stop() }
      }
    }
  }
}
