import NIOCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Cuts a byte stream into lines, ended by LF or CR LF; the ends are taken off.
///
/// - Throws: `FrameError` with `.tooLong` for a line above the bound, whether its end has come or not.
struct LineDecoder {
  private let maximumBytes: Int
  /// Bytes from the reader index on that are known to hold no line end, so that none is looked at twice.
  private var searched = 0

  init(maximumBytes: Int = StreamProtocol.maximumLineBytes) { self.maximumBytes = maximumBytes }

  /// The next line of the buffer without its end, which may be empty; nil until there is one.
  mutating func next(_ buffer: inout ByteBuffer) throws(FrameError) -> ByteBuffer? {
    guard let end = endOfLine(buffer) else {
      searched = buffer.readableBytes
      // One byte more than the bound may be the CR of a line end that is yet to come.
      if searched > maximumBytes + 1 { throw tooLong }
      return nil
    }
    searched = 0
    var line = buffer.readSlice(length: end)!
    buffer.moveReaderIndex(forwardBy: 1)
    if end > 0, line.getInteger(at: line.writerIndex - 1, as: UInt8.self) == UInt8(ascii: "\r") {
      line.moveWriterIndex(to: line.writerIndex - 1)
    }
    if line.readableBytes > maximumBytes { throw tooLong }
    return line
  }

  /// How many readable bytes come before the next line end.
  private func endOfLine(_ buffer: ByteBuffer) -> Int? {
    buffer.withUnsafeReadableBytes { bytes in
      guard searched < bytes.count, let start = bytes.baseAddress,
        let found = memchr(start + searched, Int32(UInt8(ascii: "\n")), bytes.count - searched)
      else { return nil }
      return UnsafeRawPointer(found) - start
    }
  }

  private var tooLong: FrameError { FrameError(.tooLong, "a line has more than \(maximumBytes) bytes") }
}
