import Foundation
import Testing

@testable import StripedSlots

@Suite("A value once a slot")
struct StripedValuesTests {
  @Test("every slot is taken once, then none is left, and one that is given back can be taken again")
  func all() {
    let slots = StripedValues { _ in 0 }
    let taken = (0..<slots.count).compactMap { _ in slots.take() }
    #expect(Set(taken) == Set(0..<slots.count))
    #expect(slots.take() == nil)
    slots.giveBack(5)
    #expect(slots.take() == 5)
    #expect(slots.take() == nil)
    for slot in taken { slots.giveBack(slot) }
    #expect(slots.take() == ThreadStripe().current)
  }

  @Test("each value is where its slot is, and is freed with the slots")
  func values() {
    final class Numbered: Sendable {
      let index: Int
      init(_ index: Int) { self.index = index }
    }
    weak var kept: Numbered?
    do {
      let slots = StripedValues { Numbered($0) }
      var seen: [Int] = []
      slots.forEach { index, value in
        seen.append(value.index)
        #expect(value.index == index)
      }
      #expect(seen == Array(0..<slots.count))
      guard let slot = slots.take() else { return _ = Issue.record("no slot is free") }
      kept = slots.value(slot).pointee
      #expect(kept?.index == slot)
      slots.value(slot).pointee = Numbered(100)
      #expect(kept == nil)
      kept = slots.value(slot).pointee
      slots.giveBack(slot)
    }
    #expect(kept == nil)
  }

  /// Shared by the threads of a test.
  private final class Counters: Sendable {
    let slots = StripedValues { _ in 0 }
    let done = DispatchSemaphore(value: 0)

    func sum() -> Int {
      var sum = 0
      slots.forEach { sum += $1 }
      return sum
    }
  }

  @Test("more threads than slots lose no count, whoever looks meanwhile")
  func threads() {
    let counters = Counters()
    let threads = 2 * ThreadStripe.count
    for _ in 0..<threads {
      Thread.detachNewThread {
        for _ in 0..<2_000 {
          let slot = counters.slots.takeAny()
          counters.slots.value(slot).pointee += 1
          counters.slots.giveBack(slot)
        }
        counters.done.signal()
      }
    }
    var last = 0
    for _ in 0..<100 {
      let now = counters.sum()
      #expect(now >= last)
      last = now
    }
    for _ in 0..<threads { counters.done.wait() }
    #expect(counters.sum() == threads * 2_000)
  }
}
