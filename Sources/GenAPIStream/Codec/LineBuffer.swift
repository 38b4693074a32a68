import NIOCore

/// What came of a byte stream and was not looked at yet: gives its lines, each byte looked at once.
struct LineBuffer {
  private var pending = ByteBuffer()
  private var lines = LineDecoder()

  mutating func append(_ bytes: ByteBuffer) {
    if pending.readableBytes == 0 {
      pending = bytes
    } else {
      var bytes = bytes
      pending.writeBuffer(&bytes)
    }
  }

  /// The next line without its end, which may be empty; nil until there is one.
  ///
  /// - Throws: when a line is too long; what follows it is of no use.
  mutating func next() throws(FrameError) -> ByteBuffer? { try lines.next(&pending) }

  /// Lets go of all that was read: the beginning of a line must not hold on to what was read before it.
  mutating func discardRead() {
    if pending.readableBytes == 0 {
      pending = ByteBuffer()
    } else if pending.readerIndex > 0 {
      pending = ByteBuffer(bytes: pending.readableBytesView)
    }
  }

  /// Of a line whose end is not there a part is, once `next` has given all others.
  var hasPart: Bool { pending.readableBytes > 0 }

  mutating func clear() { self = LineBuffer() }
}
