import GenAPITelemetry
import NIOCore

/// What one subscriber gets by its latest `subscribe`: its filter, when its next state frame is due, and the state
/// the next one is compared with.
struct SubscriberFeed {
  let subscription: Subscription
  let filter: CompiledFilter
  /// Counts the `subscribe` frames of a connection, so that an answer to an earlier one is not taken for this one's.
  let generation: Int
  /// True until the first state after `subscribe` was taken.
  private(set) var isAwaitingState = true
  /// The state as the client knows it; nil until it knows any.
  private var base: KnownState?
  private var isRequested = false
  /// How often the source had been told of the gateway when the state was taken that was asked for last, and that was sent last.
  private var timesTold: (asked: Int64?, sent: Int64?) = (nil, nil)
  private var nextStateAt: Int64
  /// When a whole state was asked for last, for this subscription or one before it.
  private var wholeAt: Int64?
  /// Events up to this number are older than the snapshot, so the client does not get them.
  private var snapshotSequence: Int64 = 0
  /// Events that came before the first snapshot was sent; they follow it.
  private var held: [(Int64, ByteBuffer)] = []
  private var heldBytes = 0
  private var holdsEvents: Bool
  /// The `subscribe` before this one whose snapshot was being made when this one came. It is sent too, or who asks again sooner than
  /// one is made would never get any.
  private var underWay: Int?

  private static let leastBetweenSnapshotsMs: Int64 = 200

  init(_ subscription: Subscription, after previous: SubscriberFeed?, at now: Int64) {
    self.subscription = subscription
    filter = CompiledFilter(subscription.filter)
    generation = (previous?.generation ?? 0) + 1
    // A snapshot costs the gateway more than a change: one who subscribes again and again gets no more of them than that.
    wholeAt = previous?.wholeAt
    nextStateAt = max(now, (wholeAt ?? .min / 2) + Self.leastBetweenSnapshotsMs)
    // A client that subscribes again goes on getting events while its new snapshot is made.
    holdsEvents = previous == nil || previous?.isHolding == true
    snapshotSequence = previous?.snapshotSequence ?? 0
    if let previous, subscription.snapshot, previous.subscription.snapshot {
      underWay = previous.isRequested && previous.isAwaitingState ? previous.generation : previous.underWay
    }
    if let previous, previous.isHolding {
      held = previous.held
      heldBytes = previous.heldBytes
    }
  }

  /// Who has no snapshot has no buckets that only some could change of.
  var wantsChangedBuckets: Bool { subscription.changedBuckets && subscription.snapshot }

  /// The number of the state that the client knows; nil where it knows none, or one of its own.
  var knownState: Int? { if case .number(let number)? = base { number } else { nil } }

  /// True while events wait for the first snapshot.
  var isHolding: Bool { isAwaitingState && holdsEvents }

  func isPastSnapshot(_ sequence: Int64) -> Bool { sequence > snapshotSequence }

  /// Keeps an event until the first snapshot is out; false when too much waits already.
  mutating func hold(_ line: ByteBuffer, sequence: Int64, limit: Int) -> Bool {
    guard heldBytes + line.readableBytes <= limit else { return false }
    held.append((sequence, line))
    heldBytes += line.readableBytes
    return true
  }

  /// What is needed to make the next state frame, when one is due and none is being made.
  ///
  /// - Parameter told: how often the source was told of the gateway: a state is not sent twice, it waits for what is new. nil for
  ///   a source that always knows.
  mutating func takeRequest(id: Int, at now: Int64, told: Int64? = nil) -> StateRequest? {
    guard !isRequested, now >= nextStateAt else { return nil }
    guard isAwaitingState || told == nil || told != timesTold.sent else { return nil }
    isRequested = true
    timesTold.asked = told
    if isAwaitingState { wholeAt = now }
    // At whole multiples of the interval, so that one look at the gateway serves many subscribers.
    let interval = Int64(subscription.intervalMs)
    nextStateAt = now < .max ? (now / interval + 1) * interval : .max
    return StateRequest(
      id: id, generation: generation, filter: subscription.narrowsState ? filter : .all, base: base,
      isFirst: isAwaitingState,
      wantsSnapshot: subscription.snapshot, changedBuckets: wantsChangedBuckets)
  }

  /// Whether an answer is to be sent: to this `subscribe`, or to one that it came too soon after.
  func expects(_ answer: StateAnswer) -> Bool {
    answer.generation == generation || answer.generation == underWay
  }

  /// The frame made was not sent. The next one is compared with the same base.
  mutating func skip(_ answer: StateAnswer) {
    if answer.generation == generation { isRequested = false }
    underWay = nil
  }

  /// The frame made was sent.
  ///
  /// - Returns: the events that waited for it, oldest first.
  mutating func took(_ answer: StateAnswer) -> [(Int64, ByteBuffer)] {
    underWay = nil
    guard answer.generation == generation else { return tookFirst(answer) }
    isRequested = false
    timesTold.sent = timesTold.asked
    base = answer.known
    guard isAwaitingState else { return [] }
    isAwaitingState = false
    return release(after: answer)
  }

  /// What was asked for before was sent; this feed's own snapshot is still to come.
  private mutating func tookFirst(_ answer: StateAnswer) -> [(Int64, ByteBuffer)] {
    defer { holdsEvents = false }
    return release(after: answer)
  }

  private mutating func release(after answer: StateAnswer) -> [(Int64, ByteBuffer)] {
    if holdsEvents { snapshotSequence = answer.sequence }
    defer {
      held = []
      heldBytes = 0
    }
    return held
  }
}

/// A state that a client knows.
enum KnownState: Sendable, Equatable {
  /// The gateway's whole state of this number.
  case number(Int)
  /// What a filter left of one.
  case narrowed(GatewayState)
}

/// Asks for one subscriber's next state frame.
struct StateRequest: Sendable {
  var id: Int
  var generation: Int
  var filter: CompiledFilter
  var base: KnownState?
  /// True for the first after `subscribe`.
  var isFirst: Bool
  var wantsSnapshot: Bool
  /// Of latencies only the buckets that changed.
  var changedBuckets: Bool

  /// Whether the answer to this is also that to another, but for whose it is.
  func asks(for other: StateRequest) -> Bool {
    isFirst == other.isFirst && wantsSnapshot == other.wantsSnapshot
      && changedBuckets == other.changedBuckets && base == other.base
      && filter.filter.include.services == other.filter.filter.include.services
      && filter.filter.exclude.services == other.filter.filter.exclude.services
  }
}

/// One subscriber's next state frame, ready to be written.
struct StateAnswer: Sendable {
  var id: Int
  var generation: Int
  /// The number of the last event emitted before the state was taken.
  var sequence: Int64
  /// The state as the client knows it once it has read `lines`.
  var known: KnownState
  /// Usually one; a state too large for a line comes in several.
  var lines: [ByteBuffer]
}
