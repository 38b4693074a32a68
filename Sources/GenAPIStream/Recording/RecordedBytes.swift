import CZlib
import GenAPIValue

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A recording's file as it is read: plain or compressed (RFC 1952), told apart by its first bytes.
///
/// What stands before a damage is read before the damage is told: `gzread` throws away up to 256 kB with it, which may be all.
/// Not safe to use from several threads at once.
struct RecordedBytes: ~Copyable {
  let path: String
  private let file: Int32
  private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: inputBytes, alignment: 16)
  /// What of the input was read and is not taken yet.
  private var waiting = 0..<0
  private var isAtEnd = false
  /// Where zlib keeps how far it is, which must stay where it is; nil of a plain file, and before the first bytes.
  private var inflater: UnsafeMutablePointer<z_stream>?
  private var isKnown = false
  /// Something of a compressed part was read, and not its end.
  private var isInPart = false
  /// What follows the compressed parts is none.
  private var isBehind = false
  /// Whether something but zeros, with which tapes and disks fill up, follows the compressed parts, and was passed over.
  private(set) var hasRest = false
  private var failure: RecordingError?

  private static let inputBytes = 128 * 1_024
  private static let magic: [UInt8] = [0x1F, 0x8B]
  /// The mark of byte order that some editors and shells write before what they take for a text.
  static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  init(reading path: String) throws(RecordingError) {
    self.path = path
    do throws(TextFile.Failure) {
      file = try TextFile.opened(path)
    } catch {
      // What has no descriptor yet must not close one.
      input.deallocate()
      throw .cannotOpen(path: path, reason: error.reason)
    }
  }

  deinit {
    if let inflater {
      inflateEnd(inflater)
      inflater.deallocate()
    }
    input.deallocate()
    Descriptor.close(file)
  }

  /// Whether the compressed bytes ended in the middle: whoever wrote them did not come to close the file.
  var isCutOff: Bool { isAtEnd && isInPart && failure == nil }

  /// Reads some bytes; 0 at the end.
  ///
  /// - Throws: `RecordingError.cannotRead` when the disk fails or the compressed bytes are damaged, after all before that was read.
  mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(RecordingError) -> Int {
    if let failure { throw failure }
    while true {
      if waiting.isEmpty, !isAtEnd { try fill() }
      if !isKnown { try begin() }
      guard let inflater else {
        let count = min(waiting.count, buffer.count)
        buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: input[waiting].prefix(count)))
        waiting = (waiting.lowerBound + count)..<waiting.upperBound
        return count
      }
      // Also without more of the input: what had no room in the buffer before waits in zlib.
      let count = inflate(inflater, into: buffer)
      if count > 0 { return count }
      if let failure { throw failure }
      if isAtEnd, waiting.isEmpty { return 0 }
    }
  }

  /// Tells by the first bytes whether it is compressed.
  private mutating func begin() throws(RecordingError) {
    let marked = Self.byteOrderMark + Self.magic
    while waiting.count < marked.count, !isAtEnd { try fill() }
    isKnown = true
    // What an editor put before the compressed bytes as well; of text it belongs to the first line.
    if input[waiting].starts(with: marked) {
      waiting = (waiting.lowerBound + Self.byteOrderMark.count)..<waiting.upperBound
    }
    guard input[waiting].starts(with: Self.magic) else { return }
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // 16: with the head and the end of gzip.
    guard inflateInit2_(stream, 16 + MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else {
      stream.deallocate()
      throw .cannotRead(path: path, reason: "too little memory")
    }
    inflater = stream
  }

  /// Inflates some of the input; what stops it is kept for the next call where there were bytes before it.
  private mutating func inflate(
    _ stream: UnsafeMutablePointer<z_stream>, into buffer: UnsafeMutableRawBufferPointer
  ) -> Int {
    // One part may follow another, as when files were joined; what is none is passed over, as gzip does, but not silently.
    if isBehind || !isInPart && input[waiting].first != Self.magic[0] {
      isBehind = isBehind || !waiting.isEmpty
      hasRest = hasRest || input[waiting].contains { $0 != 0 }
      waiting = waiting.upperBound..<waiting.upperBound
      return 0
    }
    isInPart = true
    let bytes = input.bindMemory(to: UInt8.self)
    stream.pointee.next_in = bytes.baseAddress?.advanced(by: waiting.lowerBound)
    stream.pointee.avail_in = UInt32(waiting.count)
    stream.pointee.next_out = buffer.bindMemory(to: UInt8.self).baseAddress
    let room = UInt32(clamping: buffer.count)
    stream.pointee.avail_out = room
    let code = CZlib.inflate(stream, Z_NO_FLUSH)
    waiting = (waiting.upperBound - Int(stream.pointee.avail_in))..<waiting.upperBound
    switch code {
    case Z_OK, Z_BUF_ERROR: break
    case Z_STREAM_END:
      isInPart = false
      inflateReset(stream)
    default:
      let reason = stream.pointee.msg.map { String(cString: $0) } ?? "the compressed bytes are damaged"
      failure = .cannotRead(path: path, reason: reason)
    }
    return Int(room - stream.pointee.avail_out)
  }

  /// Reads more of the file, behind what is left of the last time.
  private mutating func fill() throws(RecordingError) {
    let left = waiting.count
    input.copyMemory(from: UnsafeRawBufferPointer(rebasing: input[waiting]))
    let room = UnsafeMutableRawBufferPointer(rebasing: input[left...])
    let count = Descriptor.read(file, into: room)
    guard count >= 0 else {
      throw .cannotRead(path: path, reason: Descriptor.problem(errno))
    }
    isAtEnd = count == 0
    waiting = 0..<(left + count)
  }
}
