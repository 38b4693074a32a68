import Locking
import StripedSlots

/// The slots of a bus and the number of its last event.
final class EmitSlots: Sendable {
  static let count = ThreadStripe.count

  private struct Number: ~Copyable, Sendable {
    let value = Atomic<Int64>(0)
  }

  private let slots = StripedValues { _ in EmitSlot() }
  private let last = PaddedValues<Number>(1) { _ in Number() }

  /// The number of the last event; whoever reads it and holds a slot after that finds there all events up to it.
  ///
  /// Events are numbered while their slot is held: one that is numbered and not yet appended keeps its slot held.
  var sequence: Int64 { last[0].value.load(ordering: .acquiring) }

  /// Numbers an event and appends it to the queue of every attachment that wants it, in a slot that nobody holds: a
  /// thread does not wait for another that was stopped while it held one.
  ///
  /// - Returns: the threads that wait for an event.
  @inline(__always)
  func append(_ event: consuming TelemetryEvent, named name: Int, at now: TimeReading) -> [HandlerThread]? {
    let slot = slots.takeAny()
    // Publishes that the slot is held.
    let sequence = last[0].value.wrappingAdd(1, ordering: .releasing).newValue
    let parked = slots.value(slot).pointee.take(event, named: name, sequence: sequence, at: now)
    slots.giveBack(slot)
    return parked
  }

  /// Numbers events that never came here, and tells every attachment of them.
  func lose(_ count: Int64) {
    let slot = slots.takeAny()
    let sequence = last[0].value.wrappingAdd(count, ordering: .releasing).newValue
    slots.value(slot).pointee.lose(
      DroppedEvents(count: count, fromSequence: sequence - count + 1, toSequence: sequence))
    slots.giveBack(slot)
  }

  /// Calls `body` with every slot in turn, and no two at once.
  func forEach(_ body: (_ index: Int, inout EmitSlot) -> Void) { slots.forEach(body) }
}
