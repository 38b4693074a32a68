import GenAPIValue
import NIOCore
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Writes what subscribers receive to a file: a header line, then every frame's line as it came.
///
/// With more than one target each line gets one more field at its end, `"from"`, that names the target it came
/// from; readers of the stream skip fields they do not know, so such a line is still a frame.
public final class RecordingWriter: Sendable {
  public let path: String
  private let marksTargets: Bool
  private let state: Mutex<State>

  /// `file` is nil after `close` or the first failure.
  private struct State {
    nonisolated(unsafe) var file: UnsafeMutablePointer<FILE>?
    var lines: Int64 = 0
    var bytes: Int64 = 0
    var failure: RecordingError?
  }

  /// Creates the file, or empties it, and writes the header.
  ///
  /// - Throws: `RecordingError` when the file cannot be opened or written.
  public init(path: String, startedAt: Int64, targets: [StreamTarget]) throws {
    guard let file = fopen(path, "w") else {
      throw RecordingError.cannotOpen(path: path, reason: String(cString: strerror(errno)))
    }
    self.path = path
    marksTargets = targets.count > 1
    state = Mutex(State())
    state.withLock { $0.file = file }
    let header = RecordingHeader(startedAt: startedAt, targets: targets.map { "\($0)" })
    write(Array(FrameEncoder.line(.recording(header)).readableBytesView), countsAsLine: false)
    if let failure { throw failure }
  }

  deinit { close() }

  /// Appends a line as received, without its end.
  public func append(_ line: ByteBuffer, from target: StreamTarget) {
    var bytes = Array(line.readableBytesView)
    if marksTargets { Self.mark(&bytes, target) }
    bytes.append(UInt8(ascii: "\n"))
    write(bytes, countsAsLine: true)
  }

  /// Frames written.
  public var lines: Int64 { state.withLock { $0.lines } }
  /// Bytes written, the header included.
  public var bytes: Int64 { state.withLock { $0.bytes } }
  /// Why writing ended early: a full disk, most often. Nothing is written after it.
  public var failure: RecordingError? { state.withLock { $0.failure } }

  /// Writes what is buffered and closes the file. Nothing is written after it.
  public func close() {
    state.withLock { state in
      guard let file = state.file else { return }
      state.file = nil
      if fclose(file) != 0 { state.failure = problem() }
    }
  }

  private func write(_ bytes: [UInt8], countsAsLine: Bool) {
    state.withLock { state in
      guard let file = state.file else { return }
      if fwrite(bytes, 1, bytes.count, file) == bytes.count {
        state.bytes += Int64(bytes.count)
        if countsAsLine { state.lines += 1 }
      } else {
        state.failure = problem()
        state.file = nil
        fclose(file)
      }
    }
  }

  private func problem() -> RecordingError {
    .cannotWrite(path: path, reason: String(cString: strerror(errno)))
  }

  /// Puts `,"from":"target"` before the closing brace.
  private static func mark(_ bytes: inout [UInt8], _ target: StreamTarget) {
    guard let end = bytes.lastIndex(of: UInt8(ascii: "}")) else { return }
    bytes.insert(
      contentsOf: Array(",\"from\":".utf8) + FrameEncoder.text(ByteText(target.description)), at: end)
  }
}
