import GenAPITelemetry
import GenAPIValue
import NIOCore

/// Writes `snapshot` and `state` frames, in several lines when one would be too long.
enum StateEncoder {
  /// The first line is a `snapshot`; what does not fit into it follows in `state` frames.
  static func snapshot(
    at: Int64, sequence: Int64, _ state: GatewayState, limit: Int = StreamProtocol.maximumLineBytes
  ) -> [ByteBuffer] {
    let line = FrameEncoder.line(.snapshot(at: at, sequence: sequence, state))
    if line.readableBytes - 1 <= limit { return [line] }
    let pieces = state.changes(since: GatewayState()).pieces { piece in
      // A snapshot names every section, so it is a little longer than the change with the same entries.
      FrameEncoder.line(.state(at: at, sequence: sequence, piece)).readableBytes + 512 <= limit
    }
    guard let first = pieces.first else { return [] }
    var begin = GatewayState()
    begin.apply(first)
    let frames = [Frame.snapshot(at: at, sequence: sequence, begin)]
    return lines(frames + pieces.dropFirst().map { .state(at: at, sequence: sequence, $0) })
  }

  static func change(
    at: Int64, sequence: Int64, _ change: GatewayStateChange, limit: Int = StreamProtocol.maximumLineBytes
  ) -> [ByteBuffer] {
    let line = FrameEncoder.line(.state(at: at, sequence: sequence, change))
    if line.readableBytes - 1 <= limit { return [line] }
    let pieces = change.pieces { piece in
      FrameEncoder.line(.state(at: at, sequence: sequence, piece), hasMore: true).readableBytes - 1 <= limit
    }
    return lines(pieces.map { .state(at: at, sequence: sequence, $0) })
  }

  /// Each but the last says that there is more.
  private static func lines(_ frames: [Frame]) -> [ByteBuffer] {
    frames.indices.map { FrameEncoder.line(frames[$0], hasMore: $0 < frames.count - 1) }
  }

  static func write(_ at: Int64, _ sequence: Int64, hasMore: Bool, _ json: inout JSONWriter) {
    json.key("at")
    json.int(at)
    json.key("seq")
    json.int(sequence)
    if hasMore {
      json.key("more")
      json.bool(true)
    }
  }

  /// Writes the sections of a state into an object that was begun.
  static func write(_ state: some Encodable, _ json: inout JSONWriter) {
    // None of the state's types throws when encoded; a state that did would be an empty frame.
    guard let fields = try? ValueEncoder().encode(state).object else { return }
    for (key, value) in fields {
      json.key(escaping: key)
      json.value(value)
    }
  }
}
