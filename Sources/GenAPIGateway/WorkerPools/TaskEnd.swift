import GenAPIValue

/// What a task says about the function it called.
public enum TaskResult: Sendable, Equatable {
  /// It answered; an application's own error is an answer too.
  case success
  /// It could not be reached or did not answer: this counts against the breakers.
  case infrastructureFailure(ByteText)
  /// It did not come to be called: this tells the breakers nothing.
  case untold
  /// Its client gave it up, or is gone: as if the task had been cancelled.
  case givenUp
}

/// How a task that a pool had accepted ended.
public enum TaskEnd: Sendable, Equatable {
  /// It ran to its end.
  case completed(TaskResult)
  /// It threw.
  case threw(reason: ByteText)
  /// It took longer than it may; its Swift task was cancelled.
  case timedOut
  /// No worker was free for it in its time; it never ran.
  case waitedTooLong
  /// Its submitter gave it up, running or still waiting.
  case cancelled
}
