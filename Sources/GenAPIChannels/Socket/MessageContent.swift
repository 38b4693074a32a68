import NIOCore
import NIOWebSocket

/// The bytes of a message: of one frame, still masked as it came, or of several, put together.
enum MessageContent {
  case masked(ByteBuffer, WebSocketMaskingKey)
  case plain(ByteBuffer)

  var count: Int {
    switch self {
    case .masked(let buffer, _), .plain(let buffer): buffer.readableBytes
    }
  }

  /// Shows the bytes for the time of the call. Those of a frame are unmasked (RFC 6455, 5.3) into memory that lives as
  /// long; a small message costs no allocation.
  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    switch self {
    case .plain(let buffer): buffer.withUnsafeReadableBytes(body)
    case .masked(let buffer, let key):
      buffer.withUnsafeReadableBytes { masked in
        withUnsafeTemporaryAllocation(byteCount: masked.count, alignment: 8) { plain in
          Self.unmask(masked, key, to: plain)
          return body(UnsafeRawBufferPointer(plain))
        }
      }
    }
  }

  /// Eight bytes at a time. Reads and writes the first `masked.count` bytes of both, which `plain` has room for.
  private static func unmask(
    _ masked: UnsafeRawBufferPointer, _ key: WebSocketMaskingKey, to plain: UnsafeMutableRawBufferPointer
  ) {
    let half = UInt64(key[0]) | UInt64(key[1]) << 8 | UInt64(key[2]) << 16 | UInt64(key[3]) << 24
    let word = UInt64(littleEndian: half | half << 32)
    var offset = 0
    while offset + 8 <= masked.count {
      plain.storeBytes(
        of: masked.loadUnaligned(fromByteOffset: offset, as: UInt64.self) ^ word, toByteOffset: offset,
        as: UInt64.self)
      offset += 8
    }
    while offset < masked.count {
      plain[offset] = masked[offset] ^ key[offset & 3]
      offset += 1
    }
  }
}
