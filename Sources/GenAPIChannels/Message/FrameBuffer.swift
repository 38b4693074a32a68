import NIOCore

extension ByteBuffer {
  /// The bytes of a frame, with room for its header before them, so that both go out as one piece.
  static func frame(_ bytes: [UInt8]) -> ByteBuffer {
    // The longest header a frame can have, with a mask.
    let header = 14
    var buffer = ByteBufferAllocator().buffer(capacity: header + bytes.count)
    buffer.moveWriterIndex(forwardBy: header)
    buffer.moveReaderIndex(forwardBy: header)
    buffer.writeBytes(bytes)
    return buffer
  }
}
