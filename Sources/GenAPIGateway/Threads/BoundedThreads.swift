/// Threads of which there are only so many.
protocol BoundedThreads: TaskExecutor {
  /// All run something, and there may be no more: what comes now waits.
  var areAllHeld: Bool { get }
}
