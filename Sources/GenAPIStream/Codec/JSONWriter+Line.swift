import GenAPIValue
import NIOCore

extension JSONWriter {
  /// What was written, with the end of the line.
  func line() -> ByteBuffer {
    var buffer = ByteBufferAllocator().buffer(capacity: count + 1)
    _ = withBytes { buffer.writeBytes($0) }
    buffer.writeInteger(UInt8(ascii: "\n"))
    return buffer
  }

  mutating func strings(_ key: StaticString, _ values: [ByteText]) {
    self.key(key)
    beginArray()
    for value in values { string(value) }
    endArray()
  }
}
