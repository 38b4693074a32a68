/// Starts a task on this thread, up to its first suspension: what never suspends has ended when this returns.
///
/// Handing a task to another thread costs more than a whole request. On systems without immediate tasks it is
/// handed over.
///
/// - Parameter executor: where it goes on once it has suspended; nil for the threads that all tasks share.
@discardableResult
public func startTask(
  on executor: (any TaskExecutor)? = nil, _ operation: @escaping @Sendable () async -> Void
) -> Task<Void, Never> {
  if #available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *) {
    Task.immediate(executorPreference: executor, operation: operation)
  } else {
    Task(executorPreference: executor, operation: operation)
  }
}
