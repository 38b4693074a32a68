import Foundation
import Testing

@testable import StripedSlots

@Suite("A value once a lane")
struct StripedValuesTests {
  @Test("every lane is taken once, then none is left, and one that is given back can be taken again")
  func all() {
    let lanes = StripedValues { _ in 0 }
    let taken = (0..<lanes.count).compactMap { _ in lanes.take() }
    #expect(Set(taken) == Set(0..<lanes.count))
    #expect(lanes.take() == nil)
    lanes.giveBack(5)
    #expect(lanes.take() == 5)
    #expect(lanes.take() == nil)
    for lane in taken { lanes.giveBack(lane) }
    #expect(lanes.take() == ThreadStripe().current)
  }

  @Test("each value is where its lane is, and is freed with the lanes")
  func values() {
    final class Numbered: Sendable {
      let index: Int
      init(_ index: Int) { self.index = index }
    }
    weak var kept: Numbered?
    do {
      let lanes = StripedValues { Numbered($0) }
      var seen: [Int] = []
      lanes.forEach { index, value in
        seen.append(value.index)
        #expect(value.index == index)
      }
      #expect(seen == Array(0..<lanes.count))
      guard let lane = lanes.take() else { return _ = Issue.record("no lane is free") }
      kept = lanes.value(lane).pointee
      #expect(kept?.index == lane)
      lanes.value(lane).pointee = Numbered(100)
      #expect(kept == nil)
      kept = lanes.value(lane).pointee
      lanes.giveBack(lane)
    }
    #expect(kept == nil)
  }

  /// Shared by the threads of a test.
  private final class Counters: Sendable {
    let lanes = StripedValues { _ in 0 }
    let done = DispatchSemaphore(value: 0)

    func sum() -> Int {
      var sum = 0
      lanes.forEach { sum += $1 }
      return sum
    }
  }

  @Test("more threads than lanes lose no count, whoever looks meanwhile")
  func threads() {
    let counters = Counters()
    let threads = 2 * ThreadStripe.count
    for _ in 0..<threads {
      Thread.detachNewThread {
        for _ in 0..<2_000 {
          let lane = counters.lanes.takeAny()
          counters.lanes.value(lane).pointee += 1
          counters.lanes.giveBack(lane)
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
