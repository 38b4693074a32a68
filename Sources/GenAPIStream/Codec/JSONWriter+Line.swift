import GenAPIValue
import NIOCore

extension JSONWriter {
  /// What was written, with the end of the line.
  func line() -> ByteBuffer {
    var buffer = ByteBufferAllocator().buffer(capacity: bytes.count + 1)
    buffer.writeBytes(bytes)
    buffer.writeInteger(UInt8(ascii: "\n"))
    return buffer
  }

  mutating func strings(_ key: StaticString, _ values: [String]) {
    self.key(key)
    beginArray()
    for value in values { string(value) }
    endArray()
  }
}
