import Logging
import Synchronization

/// The in-process bus: what every part of a gateway emits its events onto.
///
/// Emitting never waits for a handler. With nothing attached it costs one relaxed load and a branch, and the
/// event is not even built. Otherwise the event gets its sequence number and is appended to one bounded queue
/// per attachment, under a lock that is only ever held to append or to swap two arrays. Handlers run on
/// threads of their own: one that throws is detached and reported, one that hangs fills its own queue.
public final class TelemetryBus: Sendable {
  /// Bounds of a bus; every one has a counter that tells when it was met.
  public struct Limits: Sendable {
    /// Attachments at one time.
    public var handlers = 64
    /// Events waiting for one handler or subscription.
    public var queue = 16_384
    /// Remembered failures of handlers.
    public var failures = 100

    public init() {}
  }

  /// The name of the gateway node that emits here.
  public let node: String
  public let limits: Limits
  let time: any TimeSource
  let logger: Logger

  /// The union of what the attachments want, by bit of `EventName`.
  private let wanted = Atomic<UInt64>(0)
  private let state: Mutex<State>

  struct State {
    var sequence: Int64 = 0
    var dropped: Int64 = 0
    var counts = [Int64](repeating: 0, count: EventName.allCases.count)
    var attachments: [Attachment] = []
    var failures: [HandlerFailure] = []
  }

  struct Attachment {
    let id: String
    let selection: EventSelection
    let capacity: Int
    var queue: [EmittedEvent] = []
    var droppedNow: DroppedEvents?
    var delivered: Int64 = 0
    var dropped: Int64 = 0
    /// Set for handlers; nil for subscriptions, which are drained by their owner.
    let thread: HandlerThread?
  }

  public init(
    node: String, time: any TimeSource = SystemTime(), limits: Limits = Limits(),
    logger: Logger = Logger(label: "genapi.telemetry")
  ) {
    self.node = node
    self.time = time
    self.limits = limits
    self.logger = logger
    state = Mutex(State())
  }

  deinit {
    state.withLock { for attachment in $0.attachments { attachment.thread?.stop() } }
  }

  /// Emits an event to everybody who wants it. Never blocks; may be called from any thread.
  ///
  /// - Parameter event: built only when something is attached.
  @inline(__always)
  public func emit(_ event: @autoclosure () -> TelemetryEvent) {
    guard wanted.load(ordering: .relaxed) != 0 else { return }
    deliver(event(), at: time.now())
  }

  /// The same for an emitter that has just read the time.
  @inline(__always)
  public func emit(at now: TimeReading, _ event: @autoclosure () -> TelemetryEvent) {
    guard wanted.load(ordering: .relaxed) != 0 else { return }
    deliver(event(), at: now)
  }

  /// True when somebody wants this event; for callers that would have to compute much for it.
  public func wants(_ name: EventName) -> Bool {
    wanted.load(ordering: .relaxed) & (1 << UInt64(name.rawValue)) != 0
  }

  private func deliver(_ event: consuming TelemetryEvent, at now: TimeReading) {
    let name = Int(event.name.rawValue)
    let bit: UInt64 = 1 << UInt64(name)
    // Moved, not copied, into the queue of the last who wants it.
    var waiting = Optional(event)
    // At most `limits.handlers` appends, none of which can wait.
    let parked = state.withLock { state -> [HandlerThread]? in
      state.sequence += 1
      state.counts[name] += 1
      guard wanted.load(ordering: .relaxed) & bit != 0 else { return nil }
      guard let last = state.attachments.lastIndex(where: { $0.selection.mask & bit != 0 }) else {
        return nil
      }
      var parked: [HandlerThread]?
      for index in 0...last where state.attachments[index].selection.mask & bit != 0 {
        guard let event = index == last ? waiting.take() : waiting else { continue }
        state.dropped += state.attachments[index].append(
          EmittedEvent(
            sequence: state.sequence, wallMicroseconds: now.wallMicroseconds,
            monotonicNanoseconds: now.monotonicNanoseconds, event: event))
        if let thread = state.attachments[index].thread, thread.takeParked() {
          parked = (parked ?? []) + [thread]
        }
      }
      return parked
    }
    if let parked { for thread in parked { thread.wake() } }
  }

  // MARK: Attaching

  /// Calls `handler` for every selected event, in order, on a thread of its own.
  ///
  /// - Throws: `BusError` when the id is taken or the limit of handlers is reached.
  public func attach(
    _ id: String, to selection: EventSelection, queue: Int? = nil,
    handler: @escaping @Sendable (EmittedEvent) throws -> Void
  ) throws {
    let thread = HandlerThread(id: id, handler: handler)
    try add(id, selection, queue, thread: thread)
    thread.start(on: self)
  }

  /// Queues every selected event for the caller to drain.
  ///
  /// - Throws: `BusError` when the id is taken or the limit of handlers is reached.
  public func subscribe(_ id: String, to selection: EventSelection, queue: Int? = nil) throws
    -> TelemetrySubscription
  {
    try add(id, selection, queue, thread: nil)
    return TelemetrySubscription(id: id, bus: self)
  }

  private func add(_ id: String, _ selection: EventSelection, _ queue: Int?, thread: HandlerThread?) throws {
    let capacity = max(1, queue ?? limits.queue)
    try state.withLock { state in
      guard !state.attachments.contains(where: { $0.id == id }) else {
        throw BusError.handlerExists(id: id)
      }
      guard state.attachments.count < limits.handlers else {
        throw BusError.tooManyHandlers(limit: limits.handlers)
      }
      state.attachments.append(
        Attachment(id: id, selection: selection, capacity: capacity, thread: thread))
      publishWanted(state)
    }
  }

  /// Ends an attachment; false when there is none with this id. Its handler may still be in a call that had begun.
  @discardableResult
  public func detach(_ id: String) -> Bool {
    state.withLock { state in
      guard let index = state.attachments.firstIndex(where: { $0.id == id }) else { return false }
      state.attachments.remove(at: index).thread?.stop()
      publishWanted(state)
      return true
    }
  }

  private func publishWanted(_ state: borrowing State) {
    wanted.store(state.attachments.reduce(0) { $0 | $1.selection.mask }, ordering: .relaxed)
  }

  /// - Parameter room: an array that is no longer needed; the queue goes on in its memory.
  func drain(_ id: String, reusing room: consuming [EmittedEvent] = []) -> TelemetrySubscription.Batch {
    room.removeAll(keepingCapacity: true)
    return state.withLock { [room] state in
      guard let index = state.attachments.firstIndex(where: { $0.id == id }) else {
        return TelemetrySubscription.Batch()
      }
      return state.attachments[index].drain(reusing: room)
    }
  }

  /// Detaches a handler that threw, remembers why and logs it.
  func handlerFailed(_ failure: HandlerFailure) {
    detach(failure.id)
    state.withLock { state in
      state.failures.append(failure)
      if state.failures.count > limits.failures { state.failures.removeFirst() }
    }
    logger.error(
      "a telemetry handler threw and was detached",
      metadata: [
        "handler": "\(failure.id)", "event": "\(failure.event.path)", "error": "\(failure.error)",
      ])
  }

  // MARK: How it stands

  public var handlers: [HandlerStatus] {
    state.withLock { state in
      state.attachments.map {
        HandlerStatus(id: $0.id, delivered: $0.delivered, dropped: $0.dropped, queued: $0.queue.count)
      }
    }
  }

  /// Handlers that were detached because they threw, oldest first; at most `limits.failures`.
  public var failures: [HandlerFailure] { state.withLock { $0.failures } }

  /// How often each event was emitted, by its full path; events nobody was attached for are not counted.
  public var counts: [String: Int64] {
    let counts = state.withLock { $0.counts }
    return Dictionary(
      uniqueKeysWithValues: EventName.allCases.compactMap { name in
        let count = counts[Int(name.rawValue)]
        return count > 0 ? (name.path, count) : nil
      })
  }

  /// The sequence number of the last event emitted, and how many some queue had no room for.
  public var progress: (sequence: Int64, dropped: Int64) {
    state.withLock { ($0.sequence, $0.dropped) }
  }
}

extension TelemetryBus.Attachment {
  /// 1 when there was no room, else 0.
  mutating func append(_ event: consuming EmittedEvent) -> Int64 {
    if queue.count < capacity {
      queue.append(event)
      return 0
    }
    dropped += 1
    let lost = DroppedEvents(count: 1, fromSequence: event.sequence, toSequence: event.sequence)
    droppedNow = droppedNow.map { $0.merged(with: lost) } ?? lost
    return 1
  }

  mutating func drain(reusing room: [EmittedEvent]) -> TelemetrySubscription.Batch {
    let batch = TelemetrySubscription.Batch(events: queue, dropped: droppedNow)
    delivered += Int64(queue.count)
    queue = room
    droppedNow = nil
    return batch
  }
}
