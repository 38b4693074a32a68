/// Puts what an attachment takes from the slots back into one order.
struct AttachmentReader {
  /// What was taken from each slot; empty between two drains, but for its memory.
  private var taken = [[EmittedEvent]](repeating: [], count: EmitSlots.count + 1)
  /// The last of `taken`: events that came to their slots while another drain looked, held back until all that were
  /// numbered before them are there too.
  private static let held = EmitSlots.count
  /// Stands where an event was taken from.
  private static let placeholder = EmittedEvent(
    sequence: 0, wallMicroseconds: 0, monotonicNanoseconds: 0, event: .configClear)
  /// What was emitted before the attachment was in every slot: not all of it is here.
  var joinedAfter: Int64 = 0

  var heldCount: Int { taken[Self.held].count }

  /// Takes from the slots all events up to the last that was numbered before.
  ///
  /// - Parameter room: empty; its memory is used again.
  /// - Returns: what was taken, in the order of the sequence, and the credits that became free.
  mutating func drain(
    _ slots: EmitSlots, _ attachment: BusAttachment, reusing room: inout [EmittedEvent]
  ) -> (batch: TelemetrySubscription.Batch, credits: Int) {
    // Read before any slot is taken: what has a lower number is appended by the time its slot can be taken.
    let last = slots.sequence
    var batch = TelemetrySubscription.Batch()
    var credits = 0
    slots.forEach { index, slot in
      guard let queue = slot.index(of: attachment) else { return }
      let found = slot.queues[queue].empty(into: &taken[index])
      credits += found.credits
      if let lost = found.lost { batch.dropped = batch.dropped.map { $0.merged(with: lost) } ?? lost }
    }
    batch.events = inOrder(upTo: last, &room)
    credits += batch.events.count
    if let first = batch.events.first, first.sequence <= joinedAfter {
      batch.events.removeFirst(batch.events.firstIndex { $0.sequence > joinedAfter } ?? batch.events.count)
    }
    return (batch, credits)
  }

  private mutating func inOrder(upTo last: Int64, _ room: inout [EmittedEvent]) -> [EmittedEvent] {
    let sources = taken.indices.filter { !taken[$0].isEmpty }
    // The usual case: one thread emits, and nothing has to be moved.
    if sources.count <= 1, let only = sources.first, taken[only].last!.sequence <= last {
      swap(&room, &taken[only])
      defer { room = [] }
      return room
    }
    merge(sources, upTo: last, &room)
    defer { room = [] }
    return room
  }

  /// Each source is in order already; there are as many as threads that emitted.
  private mutating func merge(_ sources: [Int], upTo last: Int64, _ events: inout [EmittedEvent]) {
    var positions = [Int](repeating: 0, count: taken.count)
    func next(_ source: Int) -> Int64 {
      positions[source] < taken[source].count ? taken[source][positions[source]].sequence : .max
    }
    while true {
      var (first, second) = (Int64.max, Int64.max)
      var source = -1
      for candidate in sources {
        let sequence = next(candidate)
        if sequence < first {
          (first, second, source) = (sequence, first, candidate)
        } else {
          second = min(second, sequence)
        }
      }
      guard first <= last, source >= 0 else { break }
      // All of this source that comes before the others.
      while case let sequence = next(source), sequence < second, sequence <= last {
        // Moved, not copied: copying would count references that the emitter's processor has at hand.
        var event = Self.placeholder
        swap(&event, &taken[source][positions[source]])
        events.append(event)
        positions[source] += 1
      }
    }
    var held: [EmittedEvent] = []
    for source in sources {
      held += taken[source][positions[source]...]
      clear(source)
    }
    held.sort { $0.sequence < $1.sequence }
    taken[Self.held] = held
  }

  private mutating func clear(_ source: Int) {
    let isLarge = taken[source].capacity > max(BusAttachment.keptCapacity, taken[source].count * 8)
    taken[source].removeAll(keepingCapacity: !isLarge)
  }
}
