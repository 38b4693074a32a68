/// The threads of all functions, as one function runs on them: whoever looks can tell which function holds a thread, and a call
/// pays one store for it.
final class FunctionThreads: BoundedThreads {
  let threads: WorkThreads

  init(_ threads: WorkThreads = .functions) { self.threads = threads }

  /// Never the address of another one that is there at the same time; nobody looks behind it.
  var mark: UInt { UInt(bitPattern: Unmanaged.passUnretained(self).toOpaque()) }

  var areAllHeld: Bool { threads.areAllHeld }

  func enqueue(_ job: consuming ExecutorJob) {
    threads.enqueue(UnownedJob(job), on: asUnownedTaskExecutor(), mark)
  }
}
