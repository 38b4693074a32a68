import GenAPITelemetry
import NIOCore

@testable import GenAPIStream

extension EventEncoder {
  /// One event's line; nil when it is too large for one.
  static func line(_ emitted: EmittedEvent) -> ByteBuffer? {
    var encoder = EventEncoder()
    return encoder.encode(emitted) ? encoder.withLine { ByteBuffer(bytes: $0) } : nil
  }
}
