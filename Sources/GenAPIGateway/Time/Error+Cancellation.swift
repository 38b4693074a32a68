extension Error {
  /// Whether the task that caught it was cancelled, and this says so.
  ///
  /// A `CancellationError` that code throws while nobody cancelled its request, such as that of a library's own time limit or of a child
  /// task that it cancelled itself, is a failure as any other.
  package var isOfCancelledTask: Bool { self is CancellationError && Task.isCancelled }
}
