import GenAPIValue
import NIOCore

/// Reads a recording frame by frame, without holding it in memory, plain or compressed with gzip.
public struct RecordingReader: ~Copyable {
  /// The file.
  public let path: String
  /// The recording's first line.
  public let header: RecordingHeader
  /// What was odd but did no harm: a last line that was cut off, something that is no recording behind the compressed one.
  public private(set) var warnings: [String] = []
  private var file: RecordedBytes
  private var line = 1
  private var lastAt: Int64
  /// The node of each target's last hello, to give events their node.
  private var nodes: [ByteText: ByteText] = [:]
  /// States that have begun to come, by target.
  private var parts: [ByteText: StateParts] = [:]
  /// What a line completed, beside what was returned for it.
  private var ready: [RecordedFrame] = []

  /// As long as a number of JSON is exact: a file may say anything of its time, which is added to.
  private static let latest: Int64 = 1 << 53
  /// A few kilobytes of gzip can hold hundreds of millions, which would be read for minutes without a word.
  private static let mostEmptyLines = 1_000
  private var emptyLines = 0
  private static let readBytes = 64 * 1_024
  private var buffer = ByteBuffer()
  private var decoder = LineDecoder()
  private var isAtEnd = false
  private var isEndNoted = false

  /// Opens a recording and reads its header.
  ///
  /// - Throws: `RecordingError` when there is no such file or it does not begin with a header.
  public init(path: String) throws(RecordingError) {
    var file = try RecordedBytes(reading: path)
    var buffer = ByteBuffer()
    var decoder = LineDecoder()
    var isAtEnd = false
    do {
      let line = try Self.readLine(&file, &buffer, &decoder, &isAtEnd)
      guard let (first, isWhole) = line, isWhole,
        case .success(.recording(let header)) = FrameDecoder.decode(first)
      else {
        let cut = file.isCutOff ? "a compressed file that is cut off" : nil
        let found = [cut, line.map { $0.0.readableBytes > 0 ? Self.excerpt($0.0) : "an empty line" }]
          .compactMap(\.self)
        throw RecordingError.notARecording(
          path: path, found: found.isEmpty ? "an empty file" : found.joined(separator: " after "))
      }
      guard header.proto == StreamProtocol.version else {
        throw RecordingError.unsupportedVersion(path: path, proto: header.proto)
      }
      self.header = header
    } catch {
      throw error as? RecordingError ?? .notARecording(path: path, found: "a line that is too long")
    }
    self.path = path
    self.file = file
    self.buffer = buffer
    self.decoder = decoder
    self.isAtEnd = isAtEnd
    lastAt = min(max(header.startedAt, 0), Self.latest)
  }

  /// The next frame; nil at the end.
  ///
  /// - Throws: `RecordingError.badLine` for a line in the middle that is no frame; the next call goes on after it,
  ///   unless the line was too long, or there were more empty lines in a row than a recording has.
  public mutating func next() throws(RecordingError) -> RecordedFrame? {
    while true {
      if !ready.isEmpty { return ready.removeFirst() }
      let found: (ByteBuffer, isWhole: Bool)?
      do {
        found = try Self.readLine(&file, &buffer, &decoder, &isAtEnd)
      } catch {
        isAtEnd = true
        buffer.clear()
        if let error = error as? RecordingError { throw error }
        throw .badLine(path: path, line: line + 1, reason: "\((error as? FrameError)?.message ?? "\(error)")")
      }
      guard case (var bytes, let isWhole)? = found else {
        noteEnd()
        return takeHeld()
      }
      line += 1
      if bytes.readableBytes == 0 {
        emptyLines += 1
        guard emptyLines <= Self.mostEmptyLines else {
          isAtEnd = true
          buffer.clear()
          throw .badLine(
            path: path, line: line, reason: "more than \(Self.mostEmptyLines) empty lines in a row")
        }
        continue
      }
      emptyLines = 0
      let receivedAt = ArrivalMark.take(from: &bytes)
      switch FrameDecoder.line(bytes) {
      case .success(let line) where !line.changedSeries.isEmpty:
        throw .badLine(path: path, line: self.line, reason: FrameDecoder.bucketsAlone.message.string)
      case .success(let line):
        switch line.frame {
        case .recording, .unknown: continue
        default: take(line, receivedAt)
        }
      case .failure(let error):
        guard isWhole else {
          warnings.append("\(path) line \(line) is cut off, and left out")
          noteEnd()
          return takeHeld()
        }
        throw .badLine(path: path, line: line, reason: error.message.string)
      }
    }
  }

  private mutating func take(_ line: FrameDecoder.Line, _ receivedAt: Int64?) {
    let target = line.target ?? ""
    // Of targets that the header does not name nothing is kept.
    guard line.hasMore || parts[target] != nil, target == "" || header.targets.contains(target) else {
      return ready.append(recorded(line.frame, line.target, receivedAt))
    }
    for frame in parts[target, default: StateParts()].take(line.frame, hasMore: line.hasMore) {
      ready.append(recorded(frame, line.target, receivedAt))
    }
    if parts[target]?.isHolding == false { parts[target] = nil }
  }

  /// States whose rest the recording does not have.
  private mutating func takeHeld() -> RecordedFrame? {
    for target in parts.keys.sorted() {
      var held = parts.removeValue(forKey: target)
      for frame in held?.flush() ?? [] {
        ready.append(recorded(frame, target == "" ? nil : target, nil))
      }
    }
    return ready.isEmpty ? nil : ready.removeFirst()
  }

  /// What was odd about the end; it is told once.
  private mutating func noteEnd() {
    guard !isEndNoted else { return }
    isEndNoted = true
    if file.hasRest {
      warnings.append("\(path) has something behind its compressed recording that is none, and is left out")
    }
    if file.isCutOff {
      warnings.append("\(path) is cut off after line \(line): its compressed part has no end")
    }
  }

  private mutating func recorded(_ frame: Frame, _ mark: ByteText?, _ receivedAt: Int64?) -> RecordedFrame {
    let target = mark ?? (header.targets.count == 1 ? header.targets[0] : nil)
    if let at = receivedAt ?? frame.at { lastAt = max(lastAt, min(at, Self.latest)) }
    // A file may name any number of targets; of those that its header does not name nothing is kept.
    if case .hello(let hello) = frame, target.map({ header.targets.contains($0) }) ?? true {
      nodes[target ?? ""] = hello.node
    }
    guard case .event(var record) = frame, record.node == nil else {
      return RecordedFrame(at: lastAt, target: target, frame: frame)
    }
    record.node = nodes[target ?? ""]
    return RecordedFrame(at: lastAt, target: target, frame: .event(record))
  }

  /// The next line, and whether its end was there; nil at the end of the file.
  private static func readLine(
    _ file: inout RecordedBytes, _ buffer: inout ByteBuffer, _ decoder: inout LineDecoder,
    _ isAtEnd: inout Bool
  ) throws -> (ByteBuffer, isWhole: Bool)? {
    while true {
      var line = try decoder.next(&buffer)
      let isWhole = line != nil
      if isAtEnd, !isWhole, buffer.readableBytes > 0 { line = buffer.readSlice(length: buffer.readableBytes) }
      if var line {
        // Also where two files were joined.
        if line.readableBytesView.starts(with: RecordedBytes.byteOrderMark) {
          line.moveReaderIndex(forwardBy: RecordedBytes.byteOrderMark.count)
        }
        return (line, isWhole)
      }
      if isAtEnd { return nil }
      buffer.discardReadBytes()
      var failure: RecordingError?
      let read = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: readBytes) { pointer in
        do throws(RecordingError) { return try file.read(into: pointer) } catch { failure = error }
        return 0
      }
      if let failure { throw failure }
      if read == 0 { isAtEnd = true }
    }
  }

  private static func excerpt(_ line: ByteBuffer) -> String {
    let text = String(decoding: line.readableBytesView.prefix(60), as: UTF8.self)
    return text.unicodeScalars.map { $0.value < 32 || $0.value == 127 ? "·" : String($0) }.joined()
  }
}
