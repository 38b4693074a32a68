import Dispatch
import Foundation
import GenAPITelemetry
import Locking
import ProgramOutput

/// Writes lines of the log on a thread of its own, so that whoever logs never waits for whoever reads the log.
///
/// A thread and not a task: a reader that stands still holds it for ever, and must hold nothing else.
final class LogWriter: Sendable {
  private struct State {
    var queue: LogQueue
    /// There is no thread before the first line.
    var hasThread = false
    /// True from the moment the thread found nothing until somebody wakes it.
    var isParked = false
    /// Those who wait until all is written.
    var finishing: [DispatchSemaphore] = []
  }

  /// Of one call to the system, so that room comes back while a slow reader takes it.
  private static let writeBytes = 64 << 10

  private let output: Output
  private let droppedLine: @Sendable (Int64) -> [UInt8]
  private let state: Mutex<State>
  private let wake = DispatchSemaphore(value: 0)

  /// - Parameters:
  ///   - limitBytes: of lines that wait.
  ///   - droppedLine: says that so many are missing.
  init(output: Output, limitBytes: Int, droppedLine: @escaping @Sendable (Int64) -> [UInt8]) {
    self.output = output
    self.droppedLine = droppedLine
    state = Mutex(State(queue: LogQueue(limitBytes: limitBytes)))
  }

  /// Never waits for the reader: the lock is held for moving a few words.
  func append(_ line: [UInt8]) {
    let (wakes, isFirst) = state.withLock { state in
      state.queue.append(line)
      defer {
        state.isParked = false
        state.hasThread = true
      }
      return (state.isParked, !state.hasThread)
    }
    if wakes { wake.signal() }
    if isFirst { NamedThread.start("log") { [self] in run() } }
  }

  var dropped: Int64 { state.withLock { $0.queue.dropped } }

  /// Waits until what was appended is written, or the time is over: the reader may never read.
  func finish(milliseconds: Int) {
    let done = DispatchSemaphore(value: 0)
    let isDone = state.withLock { state in
      if state.queue.isEmpty, state.isParked || !state.hasThread { return true }
      state.finishing.append(done)
      return false
    }
    if !isDone { _ = done.wait(timeout: .now() + .milliseconds(milliseconds)) }
  }

  private func run() {
    // Lines that could not be written, for which there was no line yet.
    var untold: Int64 = 0
    while true {
      let (taken, finished) = state.withLock { state in
        let taken = state.queue.take(mostBytes: Self.writeBytes)
        guard taken.isEmpty else { return (taken, [DispatchSemaphore]()) }
        state.isParked = true
        defer { state.finishing = [] }
        return (taken, state.finishing)
      }
      guard !taken.isEmpty else {
        for waiter in finished { waiter.signal() }
        wake.wait()
        continue
      }
      var bytes = untold > 0 ? droppedLine(untold) : []
      for entry in taken {
        switch entry {
        case .line(let line): bytes += line
        case .dropped(let count): bytes += droppedLine(count)
        }
      }
      var isLost = false
      do throws(OutputError) {
        try output.write(bytes)
        untold = 0
      } catch {
        // Nobody reads, or a disk is full: nobody can be told now, and the next line may have more luck.
        isLost = true
        for entry in taken {
          switch entry {
          case .line: untold += 1
          case .dropped(let count): untold += count
          }
        }
      }
      state.withLock { [isLost] in $0.queue.wrote(taken, lost: isLost) }
    }
  }
}
