import Foundation
import GenAPITelemetry
import Locking

/// Collects events on a handler's thread and lets a test wait for a number of them.
final class Collector: Sendable {
  private let condition = NSCondition()
  private let collected = Mutex<[EmittedEvent]>([])

  var events: [EmittedEvent] { collected.withLock { $0 } }

  func add(_ event: EmittedEvent) {
    collected.withLock { $0.append(event) }
    condition.lock()
    condition.broadcast()
    condition.unlock()
  }

  /// True once so many came; false after a generous deadline.
  func wait(for count: Int) -> Bool {
    waitUntil(condition) { events.count >= count }
  }
}

/// Holds a thread until a test opens it.
final class Gate: Sendable {
  private let condition = NSCondition()
  private let isOpen = Mutex(false)
  private let waiting = Mutex(0)

  func open() {
    isOpen.withLock { $0 = true }
    condition.lock()
    condition.broadcast()
    condition.unlock()
  }

  func pass() {
    waiting.withLock { $0 += 1 }
    condition.lock()
    condition.broadcast()
    condition.unlock()
    _ = waitUntil(condition) { isOpen.withLock { $0 } }
  }

  /// True once somebody stands at the gate.
  func waitForSomebody() -> Bool { waitUntil(condition) { waiting.withLock { $0 } > 0 } }
}

/// Waits for a condition that is signalled, at most 30 s.
private func waitUntil(_ condition: NSCondition, _ isTrue: () -> Bool) -> Bool {
  let deadline = Date(timeIntervalSinceNow: 30)
  condition.lock()
  defer { condition.unlock() }
  while !isTrue() {
    if !condition.wait(until: deadline) { return isTrue() }
  }
  return true
}
