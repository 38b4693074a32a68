/// What one attachment has not yet taken of one slot.
struct SlotQueue {
  let attachment: BusAttachment
  /// Here too, so that an event that is not wanted costs no look elsewhere.
  let mask: UInt64
  let thread: HandlerThread?
  var events: [EmittedEvent] = []
  /// Credits of the attachment that this slot may use without asking.
  private var credits = 0
  private var lost: DroppedEvents?

  init(_ attachment: BusAttachment) {
    self.attachment = attachment
    mask = attachment.selection.mask
    thread = attachment.thread
  }

  /// 1 when there was no room, else 0.
  @inline(__always)
  mutating func append(_ event: consuming EmittedEvent) -> Int64 {
    if credits == 0 { credits = attachment.takeCredits() }
    guard credits > 0 else { return drop(event.sequence) }
    credits -= 1
    events.append(event)
    return 0
  }

  private mutating func drop(_ sequence: Int64) -> Int64 {
    lose(DroppedEvents(count: 1, fromSequence: sequence, toSequence: sequence))
    return 1
  }

  mutating func lose(_ events: DroppedEvents) {
    attachment.dropped.wrappingAdd(events.count, ordering: .relaxed)
    lost = lost.map { $0.merged(with: events) } ?? events
  }

  /// Takes all that waits here; the queue goes on in the memory of `room`, which is empty.
  ///
  /// - Returns: the credits that are no longer held here, those of the events not among them; and what was dropped.
  mutating func empty(into room: inout [EmittedEvent]) -> (credits: Int, lost: DroppedEvents?) {
    if events.isEmpty {
      if events.capacity > BusAttachment.keptCapacity { events = [] }
    } else {
      swap(&events, &room)
    }
    defer { (credits, lost) = (0, nil) }
    return (credits, lost)
  }
}
