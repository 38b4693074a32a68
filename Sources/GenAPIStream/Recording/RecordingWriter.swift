import GenAPIValue
import Locking
import NIOCore

/// Writes what subscribers receive to a file: a header line, then every frame's line as it came. Compressed with gzip
/// when the file's name ends in `.gz`.
///
/// Each line gets a field at its end, `"received_at"`, when it arrived, and with more than one target another before it,
/// `"from"`, that names the target it came from; readers of the stream skip fields they do not know, so such a line is
/// still a frame.
public final class RecordingWriter: Sendable {
  /// The file.
  public let path: String
  private let marksTargets: Bool
  private let startedAt: Int64
  private let started: NIODeadline
  private let now: @Sendable () -> NIODeadline
  private let state: Mutex<State>

  /// How often what was written goes to the disk.
  private static let flushes = TimeAmount.seconds(1)

  /// `file` is nil after `close` or the first failure.
  private struct State: ~Copyable {
    var file: RecordingFile?
    var lines: Int64 = 0
    var bytes: Int64 = 0
    var failure: RecordingError?
    var flushedAt: NIODeadline

    /// Nothing is written after a failure: it is the first that counts.
    mutating func use(_ body: (inout RecordingFile) throws(RecordingError) -> Void) -> Bool {
      guard file != nil else { return false }
      do throws(RecordingError) {
        try body(&file!)
        return true
      } catch {
        failure = error
        try? file?.close()
        file = nil
        return false
      }
    }
  }

  /// Creates the file, or empties it, and writes the header.
  ///
  /// `startedAt` is in microseconds since the Unix epoch. The times of lines are counted from it by `now`, a clock that
  /// nobody sets, so that a recording keeps its pace when the machine's time is corrected.
  ///
  /// - Throws: `RecordingError` when the file cannot be opened or written.
  public init(
    path: String, startedAt: Int64, targets: [StreamTarget],
    now: @escaping @Sendable () -> NIODeadline = { .now() }
  ) throws {
    let file = try RecordingFile(writing: path)
    self.path = path
    self.startedAt = startedAt
    self.now = now
    started = now()
    marksTargets = targets.count > 1
    state = Mutex(State(file: file, flushedAt: started))
    let header = RecordingHeader(startedAt: startedAt, targets: targets.map { "\($0)" })
    write(Array(FrameEncoder.line(.recording(header)).readableBytesView), countsAsLine: false)
    // A disk that takes nothing is told at once.
    state.withLock { state in
      if state.use({ file throws(RecordingError) in try file.flush() }) {
        state.bytes = state.file?.size ?? 0
      }
    }
    if let failure { throw failure }
  }

  deinit { close() }

  /// Appends a line as received, without its end.
  public func append(_ line: ByteBuffer, from target: StreamTarget) {
    var bytes = Array(line.readableBytesView)
    if marksTargets { Self.mark(&bytes, target) }
    ArrivalMark.put(startedAt.saturatingAdd((now() - started).nanoseconds / 1_000), on: &bytes)
    bytes.append(UInt8(ascii: "\n"))
    write(bytes, countsAsLine: true)
  }

  /// Frames written.
  public var lines: Int64 { state.withLock { $0.lines } }
  /// Bytes on the disk, brought up to date once a second.
  public var bytes: Int64 { state.withLock { $0.bytes } }
  /// Why writing ended early: a full disk, most often. Nothing is written after it.
  public var failure: RecordingError? { state.withLock { $0.failure } }

  /// Writes what is buffered and closes the file. Nothing is written after it.
  public func close() {
    state.withLock { state in
      // What closing itself writes, the end of the compressed part, is left out of the count.
      let isFlushed = state.use { file throws(RecordingError) in try file.flush() }
      if isFlushed { state.bytes = state.file?.size ?? 0 }
      _ = state.use { file throws(RecordingError) in try file.close() }
      state.file = nil
    }
  }

  private func write(_ bytes: [UInt8], countsAsLine: Bool) {
    let now = now()
    state.withLock { state in
      guard state.use({ file throws(RecordingError) in try file.write(bytes) }) else { return }
      if countsAsLine { state.lines += 1 }
      guard now - state.flushedAt >= Self.flushes else { return }
      state.flushedAt = now
      if state.use({ file throws(RecordingError) in try file.flush() }) {
        state.bytes = state.file?.size ?? 0
      }
    }
  }

  /// Puts `,"from":"target"` before the closing brace.
  private static func mark(_ bytes: inout [UInt8], _ target: StreamTarget) {
    guard let end = bytes.lastIndex(of: UInt8(ascii: "}")) else { return }
    bytes.insert(
      contentsOf: Array(",\"from\":".utf8) + FrameEncoder.text(ByteText(target.description)), at: end)
  }
}
