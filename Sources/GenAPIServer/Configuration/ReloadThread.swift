import GenAPIGateway

/// Where files are read again while clients are served: a thread that nothing else waits for, neither requests nor whoever asks how
/// the gateway is.
///
/// An actor that has it as its executor runs nowhere else. One without would run on the thread of whoever asked it last, as far as that is
/// still at it.
package final class ReloadThread: SerialExecutor {
  package static let shared = ReloadThread()

  package func enqueue(_ job: consuming ExecutorJob) {
    WorkThreads.reloads.enqueue(UnownedJob(job), of: asUnownedSerialExecutor())
  }
}
