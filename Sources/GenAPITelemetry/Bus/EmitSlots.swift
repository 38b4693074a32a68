import Locking
import StripedSlots

/// The lanes of a bus and the number of its last event.
final class EmitSlots: Sendable {
  static let count = ThreadStripe.count

  private struct Number: ~Copyable, Sendable {
    let value = Atomic<Int64>(0)
  }

  private let lanes = StripedValues { _ in EmitSlot() }
  private let last = PaddedValues<Number>(1) { _ in Number() }

  /// The number of the last event; whoever reads it and holds a lane after that finds there all events up to it.
  ///
  /// Events are numbered while their lane is held: one that is numbered and not yet appended keeps its lane held.
  var sequence: Int64 { last[0].value.load(ordering: .acquiring) }

  /// Numbers an event and appends it to the queue of every attachment that wants it, in a lane that nobody holds: a
  /// thread does not wait for another that was stopped while it held one.
  ///
  /// - Returns: the threads that wait for an event.
  @inline(__always)
  func append(_ event: consuming TelemetryEvent, named name: Int, at now: TimeReading) -> [HandlerThread]? {
    let lane = lanes.takeAny()
    // Releases that the lane is held.
    let sequence = last[0].value.wrappingAdd(1, ordering: .releasing).newValue
    let parked = lanes.value(lane).pointee.take(event, named: name, sequence: sequence, at: now)
    lanes.giveBack(lane)
    return parked
  }

  /// Calls `body` with every lane in turn, and no two at once.
  func forEach(_ body: (_ index: Int, inout EmitSlot) -> Void) { lanes.forEach(body) }
}
