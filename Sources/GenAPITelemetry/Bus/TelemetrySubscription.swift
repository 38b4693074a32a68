/// A bounded queue of events that somebody empties at their own pace.
///
/// The bus only ever appends; a full queue drops the newest and counts them. So a slow reader costs the
/// emitter nothing.
public struct TelemetrySubscription: Sendable {
  /// What came since the last drain.
  public struct Batch: Sendable {
    /// The events that waited, in the order of their numbers.
    public var events: [EmittedEvent] = []
    /// What was dropped after the last of `events`, because the queue was full.
    public var dropped: DroppedEvents?

    public init() {}
  }

  let bus: TelemetryBus
  let attachment: BusAttachment

  /// The name under which it is attached.
  public var id: String { attachment.id }

  /// Takes every event whose `emit` had ended, in the order of their sequence numbers.
  public func drain() -> Batch { bus.drain(attachment) }

  /// The same into the batch of the last time, whose memory the queue then goes on in: a reader that drains like
  /// this makes the emitters allocate nothing.
  public func drain(into batch: inout Batch) {
    let room = batch.events
    batch.events = []
    batch = bus.drain(attachment, reusing: room)
  }

  /// Ends the subscription; what is waiting is thrown away.
  public func cancel() { bus.detach(attachment) }
}

/// Events that a queue had no room for.
public struct DroppedEvents: Sendable, Equatable {
  /// How many events are missing.
  public var count: Int64
  /// The lowest sequence number among them.
  public var fromSequence: Int64
  /// The highest sequence number among them.
  public var toSequence: Int64

  public init(count: Int64, fromSequence: Int64, toSequence: Int64) {
    self.count = count
    self.fromSequence = fromSequence
    self.toSequence = toSequence
  }

  /// Both together, when they were dropped from the same queue.
  public func merged(with other: DroppedEvents) -> DroppedEvents {
    DroppedEvents(
      count: count + other.count, fromSequence: min(fromSequence, other.fromSequence),
      toSequence: max(toSequence, other.toSequence))
  }
}
