import GenAPIValue

/// One of several slots where emitters leave their events, so that threads that emit at once do not meet. It is held
/// to number an event and append it to the queues, or to swap one queue for an empty one.
struct EmitSlot {
  /// By raw value of the event's name.
  var counts = [Int64](repeating: 0, count: EventName.allCases.count)
  /// Events that a queue had no room for; those of attachments that are gone are among them.
  var dropped: Int64 = 0
  /// One an attachment.
  var queues: [SlotQueue] = []

  /// Appends an event to the queue of every attachment that wants it; at most as many as a bus has handlers.
  ///
  /// - Parameter event: moved to the last of them, so that the usual one gets it without a copy.
  /// - Returns: the threads that wait for an event.
  @inline(__always)
  mutating func take(
    _ event: consuming TelemetryEvent, named name: Int, sequence: Int64, at now: TimeReading
  ) -> [HandlerThread]? {
    let bit: UInt64 = 1 << UInt64(truncatingIfNeeded: name)
    counts[name] += 1
    var last = queues.count - 1
    while last >= 0, queues[last].mask & bit == 0 { last -= 1 }
    guard last >= 0 else { return nil }
    var parked: [HandlerThread]?
    for index in 0..<last where queues[index].mask & bit != 0 {
      append(copy event, sequence, now, to: index, &parked)
    }
    append(event, sequence, now, to: last, &parked)
    return parked
  }

  @inline(__always)
  private mutating func append(
    _ event: consuming TelemetryEvent, _ sequence: Int64, _ now: TimeReading, to index: Int,
    _ parked: inout [HandlerThread]?
  ) {
    dropped += queues[index].append(
      EmittedEvent(
        sequence: sequence, wallMicroseconds: now.wallMicroseconds,
        monotonicNanoseconds: now.monotonicNanoseconds, event: event))
    if let thread = queues[index].thread, thread.takeParked() { parked = (parked ?? []) + [thread] }
  }

  /// Tells every attachment of events that never came here.
  mutating func lose(_ events: DroppedEvents) {
    dropped = dropped.saturatingAdd(events.count)
    for index in queues.indices { queues[index].lose(events) }
  }

  func index(of attachment: BusAttachment) -> Int? { queues.firstIndex { $0.attachment === attachment } }
}
