/// Who holds the threads of functions at a moment, and how many jobs wait for one.
package struct ThreadPressure: Sendable, Equatable {
  /// Threads that run a job.
  var held: Int
  /// Threads that there may be.
  var most: Int
  var waiting: Int
  /// All threads are held, and a job has waited for one for `WorkThreads.longWaitMs`.
  var isStalled: Bool
  /// How many threads each function holds, by the mark of its `FunctionThreads`.
  var holders: [UInt: Int]
}
