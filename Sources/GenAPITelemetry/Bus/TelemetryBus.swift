import GenAPIValue
import Locking
import Logging

/// The in-process bus: what every part of a gateway emits its events onto.
///
/// Emitting never waits for a handler. With nothing attached it costs a load and a branch, and the event is not even
/// built; on a bus that counts such events, as a gateway's does, it is counted. Otherwise the event gets its sequence
/// number and is appended to one bounded queue per attachment, in a slot that no other thread is using: one is only ever
/// held to append or to swap two arrays, and is passed by when somebody holds it. Handlers run on threads of their own:
/// one that throws is detached and reported, one that hangs fills its own queue.
public final class TelemetryBus: Sendable {
  /// Bounds of a bus; every one has a counter that tells when it was met.
  public struct Limits: Sendable {
    /// Attachments at one time.
    public var handlers = 64
    /// Events waiting for one handler or subscription. Threads that emit take credits 64 at a time, so a queue that
    /// several of them fill may be full some events earlier.
    public var queue = 16_384
    /// Remembered failures of handlers.
    public var failures = 100

    public init() {}
  }

  /// The name of the gateway node that emits here.
  public let node: String
  /// The bounds that it was made with.
  public let limits: Limits
  let time: any TimeSource
  let logger: Logger

  /// The union of what the attachments want, by bit of `EventName`, and `counting`: 0 when an event is for nobody.
  @usableFromInline let wanted = Atomic<UInt64>(0)
  /// The bit of `wanted` that no event has: what nobody wants is counted.
  @inlinable static var counting: UInt64 { 1 << UInt64(EventName.most) }
  private let slots = EmitSlots()
  @usableFromInline let unheard = UnheardCounts()
  private let state = Mutex(State())
  /// Whether somebody makes a span of every request.
  private let makesSpans = Atomic<Bool>(false)

  private struct State {
    var attachments: [BusAttachment] = []
    var countsUnheard = false
    var failures: [HandlerFailure] = []
    /// Who makes spans, and as which attachment.
    var spanMaker: (maker: any RequestSpanMaker, attachment: BusAttachment)?
  }

  /// Makes a bus for the node of this name.
  public init(
    node: String, time: any TimeSource = SystemTime(), limits: Limits = Limits(),
    logger: Logger = Logger(label: "genapi.telemetry")
  ) {
    self.node = node
    self.time = time
    self.limits = limits
    self.logger = logger
  }

  deinit {
    state.withLock { for attachment in $0.attachments { attachment.thread?.stop() } }
  }

  /// Emits an event to everybody who wants it. Never blocks; may be called from any thread.
  @inlinable
  @inline(__always)
  public func emit(_ event: @autoclosure () -> TelemetryEvent) {
    let wanted = wanted.load(ordering: .relaxed)
    guard wanted != 0 else { return }
    guard wanted != Self.counting else { return unheard.add(event().name) }
    deliver(event(), at: nil)
  }

  /// The same for what is emitted often.
  ///
  /// - Parameters:
  ///   - name: the event's own.
  ///   - now: for an emitter that has just read the time.
  ///   - event: built only when something is attached.
  @inlinable
  @inline(__always)
  public func emit(
    _ name: EventName, at now: TimeReading? = nil, _ event: @autoclosure () -> TelemetryEvent
  ) {
    let wanted = wanted.load(ordering: .relaxed)
    guard wanted != 0 else { return }
    guard wanted != Self.counting else { return unheard.add(name) }
    let event = event()
    assert(event.name == name, "\(event.name) is emitted as \(name)")
    deliver(event, at: now)
  }

  /// Counts an event that nobody wants, for an emitter that asked `wants`; on a bus that counts such events.
  @inlinable
  @inline(__always)
  public func count(_ name: EventName) {
    guard wanted.load(ordering: .relaxed) & Self.counting != 0 else { return }
    unheard.add(name)
  }

  /// True when somebody wants this event; for callers that would have to compute much for it.
  @inlinable
  public func wants(_ name: EventName) -> Bool {
    wanted.load(ordering: .relaxed) & (1 << UInt64(name.rawValue)) != 0
  }

  /// - Parameters:
  ///   - event: moved to where it waits for its readers.
  ///   - time: nil to read it here.
  @usableFromInline
  func deliver(_ event: consuming TelemetryEvent, at time: TimeReading?) {
    let name = Int(event.name.rawValue)
    let now = time ?? self.time.now()
    if let parked = slots.append(event, named: name, at: now) { for thread in parked { thread.wake() } }
  }

  /// Counts events that were lost on their way to this bus, where something else emits what happened elsewhere: they have their
  /// numbers, and every attachment is told that it missed them.
  ///
  /// - Parameter count: how many, at most 2^40 at a time; nothing is done for 0 and less.
  public func lose(_ count: Int64) {
    guard count > 0 else { return }
    slots.lose(min(count, 1 << 40))
  }

  // MARK: Attaching

  /// Calls `handler` for every selected event, in order, on a thread of its own.
  ///
  /// - Parameter queue: how many events may wait for it, at least 1: less is 1. nil for the limit of the bus.
  /// - Throws: `BusError` when the id is empty or taken, or the limit of handlers is reached.
  public func attach(
    _ id: String, to selection: EventSelection, queue: Int? = nil,
    handler: @escaping @Sendable (EmittedEvent) throws -> Void
  ) throws {
    _ = try attach(id, selection, queue, handler)
  }

  func attach(
    _ id: String, _ selection: EventSelection, _ queue: Int?,
    _ handler: @escaping @Sendable (EmittedEvent) throws -> Void
  ) throws -> BusAttachment {
    let thread = HandlerThread(id: id, handler: handler)
    let attachment = try add(id, selection, queue, thread: thread)
    thread.start(on: self, attachment)
    return attachment
  }

  /// Queues every selected event for the caller to drain.
  ///
  /// - Parameter queue: how many events may wait, at least 1: less is 1. nil for the limit of the bus.
  /// - Throws: `BusError` when the id is empty or taken, or the limit of handlers is reached.
  public func subscribe(_ id: String, to selection: EventSelection, queue: Int? = nil) throws
    -> TelemetrySubscription
  {
    TelemetrySubscription(bus: self, attachment: try add(id, selection, queue, thread: nil))
  }

  private func add(_ id: String, _ selection: EventSelection, _ queue: Int?, thread: HandlerThread?) throws
    -> BusAttachment
  {
    let attachment = BusAttachment(id, selection, capacity: max(1, queue ?? limits.queue), thread: thread)
    guard id.contains(where: { !$0.isWhitespace }) else { throw BusError.noID }
    try state.withLock { state in
      guard !state.attachments.contains(where: { $0.id == id }) else {
        throw BusError.handlerExists(id: id)
      }
      guard state.attachments.count < limits.handlers else {
        throw BusError.tooManyHandlers(limit: limits.handlers)
      }
      state.attachments.append(attachment)
      slots.forEach { _, slot in slot.queues.append(SlotQueue(attachment)) }
      attachment.reader.withLock { $0.joinedAfter = slots.sequence }
      publishWanted(state)
    }
    return attachment
  }

  /// Ends an attachment; false when there is none with this id. Its handler may still be in a call that had begun.
  @discardableResult
  public func detach(_ id: String) -> Bool { detach { $0.id == id } }

  /// Ends this attachment, and no other that has got its id since.
  func detach(_ attachment: BusAttachment) { _ = detach { $0 === attachment } }

  private func detach(where isMeant: (BusAttachment) -> Bool) -> Bool {
    state.withLock { state in
      guard let index = state.attachments.firstIndex(where: isMeant) else { return false }
      let attachment = state.attachments.remove(at: index)
      publishWanted(state)
      if state.spanMaker?.attachment === attachment {
        state.spanMaker = nil
        makesSpans.store(false, ordering: .relaxed)
      }
      slots.forEach { _, slot in
        if let index = slot.index(of: attachment) { slot.queues.remove(at: index) }
      }
      attachment.thread?.stop()
      return true
    }
  }

  /// From now on every request gets a span of this adapter, while it is attached; where one makes them already, this one
  /// makes its own of what it hears.
  func make(spansBy maker: any RequestSpanMaker, for attachment: BusAttachment) {
    state.withLock { state in
      guard state.spanMaker == nil, state.attachments.contains(where: { $0 === attachment }) else { return }
      state.spanMaker = (maker, attachment)
      makesSpans.store(true, ordering: .relaxed)
    }
  }

  /// The span of a request that begins; nil, for the price of a load, when nobody traces.
  @inline(__always)
  package func span(
    requestID: ByteText, function: FunctionIdentity, userID: ByteText?, trace: TraceContext?,
    at now: TimeReading
  ) -> LiveSpan? {
    guard makesSpans.load(ordering: .relaxed) else { return nil }
    return makeSpan(requestID, function, userID, trace, now)
  }

  @inline(never)
  private func makeSpan(
    _ requestID: ByteText, _ function: FunctionIdentity, _ userID: ByteText?, _ trace: TraceContext?,
    _ now: TimeReading
  ) -> LiveSpan? {
    let maker = state.withLock { $0.spanMaker?.maker }
    return maker?.makeSpan(requestID: requestID, function: function, userID: userID, trace: trace, at: now)
  }

  private func publishWanted(_ state: borrowing State) {
    let counting = state.countsUnheard ? Self.counting : 0
    wanted.store(state.attachments.reduce(counting) { $0 | $1.selection.mask }, ordering: .relaxed)
  }

  /// From now on events that nobody wants are counted too, which costs each of them some nanoseconds. A gateway asks for
  /// it when it is made, since its state shows the counts; whoever reads `counts` of a bus of their own does so first.
  public func countUnheard() {
    state.withLock { state in
      state.countsUnheard = true
      publishWanted(state)
    }
  }

  /// - Parameter room: an array that is no longer needed; the queues go on in its memory.
  func drain(_ attachment: BusAttachment, reusing room: consuming [EmittedEvent] = [])
    -> TelemetrySubscription.Batch
  {
    room.removeAll(keepingCapacity: true)
    return attachment.reader.withLock { [room] reader in
      var room = room
      let (batch, credits) = reader.drain(slots, attachment, reusing: &room)
      attachment.giveBack(credits)
      attachment.taken.wrappingAdd(Int64(batch.events.count), ordering: .relaxed)
      // A handler has them still to see.
      if attachment.thread == nil {
        attachment.delivered.wrappingAdd(Int64(batch.events.count), ordering: .relaxed)
      }
      return batch
    }
  }

  /// Detaches a handler that threw, remembers why and logs it.
  func handlerFailed(_ attachment: BusAttachment, _ failure: HandlerFailure) {
    detach(attachment)
    state.withLock { state in
      state.failures.append(failure)
      if state.failures.count > limits.failures { state.failures.removeFirst() }
    }
    logger.error(
      "a telemetry handler threw and was detached",
      metadata: [
        "handler": "\(ByteText(failure.id).cut(bytes: TextLimit.name).shown)",
        "event": "\(failure.event.path)",
        "error": "\(ByteText(failure.error).cut(bytes: TextLimit.text).shown)",
      ])
  }

  // MARK: How it stands

  /// How each handler and subscription stands.
  public var handlers: [HandlerStatus] {
    state.withLock { $0.attachments }.map { attachment in
      // Seen is read before taken, so that none is missing meanwhile.
      let delivered = attachment.delivered.load(ordering: .acquiring)
      var queued = attachment.reader.withLock(\.heldCount)
      slots.forEach { _, slot in
        if let index = slot.index(of: attachment) { queued += slot.queues[index].events.count }
      }
      return HandlerStatus(
        id: attachment.id, delivered: delivered, dropped: attachment.dropped.load(ordering: .relaxed),
        queued: queued + Int(max(0, attachment.taken.load(ordering: .relaxed) - delivered)))
    }
  }

  /// Handlers that were detached because they threw, oldest first; at most `limits.failures`.
  public var failures: [HandlerFailure] { state.withLock { $0.failures } }

  /// How often each event was emitted, by its full path, whether or not anybody was attached; without `countUnheard`, and
  /// before it, only what was emitted while somebody was.
  public var counts: [ByteText: Int64] {
    var counts = [Int64](repeating: 0, count: EventName.allCases.count)
    slots.forEach { _, slot in
      for index in counts.indices { counts[index] += slot.counts[index] }
    }
    return Dictionary(
      uniqueKeysWithValues: EventName.allCases.compactMap { name in
        let count = counts[Int(name.rawValue)] &+ unheard[name]
        return count > 0 ? (name.path, count) : nil
      })
  }

  /// The sequence number of the last event emitted, and how many some queue had no room for.
  public var progress: (sequence: Int64, dropped: Int64) {
    let sequence = slots.sequence
    var dropped: Int64 = 0
    slots.forEach { _, slot in dropped += slot.dropped }
    return (sequence, dropped)
  }
}
