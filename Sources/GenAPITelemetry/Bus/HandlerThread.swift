import Dispatch
import Locking

/// The thread a handler runs on. A thread and not a task: a handler that hangs must not hold one of the few
/// threads that all tasks share.
final class HandlerThread: Sendable {
  private let id: String
  private let handler: @Sendable (EmittedEvent) throws -> Void
  private let semaphore = DispatchSemaphore(value: 0)
  /// True from just before the thread looks at its queue for the last time until somebody wakes it.
  private let parked = Atomic<Bool>(false)
  private let stopped = Atomic<Bool>(false)

  init(id: String, handler: @escaping @Sendable (EmittedEvent) throws -> Void) {
    self.id = id
    self.handler = handler
  }

  func start(on bus: TelemetryBus, _ attachment: BusAttachment) {
    NamedThread.start("telemetry \(id)") { [self, weak bus] in run(attachment) { bus } }
  }

  /// Ends after the event in hand. Never waits.
  func stop() {
    stopped.store(true, ordering: .sequentiallyConsistent)
    semaphore.signal()
  }

  /// True once for a parked thread: the caller must wake it. One relaxed load while the thread is busy.
  func takeParked() -> Bool {
    guard parked.load(ordering: .relaxed) else { return false }
    return parked.exchange(false, ordering: .acquiringAndReleasing)
  }

  func wake() { semaphore.signal() }

  private func run(_ attachment: BusAttachment, _ bus: () -> TelemetryBus?) {
    while !stopped.load(ordering: .sequentiallyConsistent) {
      parked.store(true, ordering: .sequentiallyConsistent)
      guard let batch = bus()?.drain(attachment) else { return }
      if batch.events.isEmpty {
        // Those that are held back came when nobody saw this thread wait.
        if attachment.reader.withLock(\.heldCount) == 0 { semaphore.wait() }
        continue
      }
      parked.store(false, ordering: .sequentiallyConsistent)
      for event in batch.events {
        if stopped.load(ordering: .relaxed) { return }
        do {
          try handler(event)
          attachment.delivered.wrappingAdd(1, ordering: .relaxed)
        } catch {
          bus()?.handlerFailed(
            attachment, HandlerFailure(id: id, event: event.name, error: "\(error)"))
          return
        }
      }
    }
  }
}
