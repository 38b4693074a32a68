import Foundation
import Locking
import Testing

@testable import StripedSlots

@Suite("The slots of threads")
struct ThreadStripeTests {
  @Test("a thread keeps its slot, and threads that start one after the other have different ones")
  func apart() {
    let slots = Mutex<[Int]>([])
    let started = DispatchGroup()
    // Others of the test's process may start meanwhile and take some of the sixteen.
    for _ in 0..<4 {
      started.enter()
      Thread {
        let first = ThreadStripe().current
        if ThreadStripe().current == first { slots.withLock { $0.append(first) } }
        started.leave()
      }.start()
      started.wait()
    }
    let found = slots.withLock { $0 }
    #expect(found.count == 4)
    #expect(Set(found).count > 1)
    #expect(found.allSatisfy { (0..<ThreadStripe.count).contains($0) })
  }
}
