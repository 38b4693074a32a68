import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import OutsideText

/// Which gateways have started anew while their events were printed.
struct Restarts {
  /// A gateway that is not the process any more that was there before.
  struct Restart: Equatable {
    var target: ByteText
    var node: ByteText
    /// When this was noticed, microseconds since the Unix epoch, as the other times.
    var at: Int64
    var startedAt: Int64
    /// When the one before had started.
    var before: Int64

    var text: String {
      "\(PrintedEvent.time(at)) \(node.string) restarted target=\(target) started_at=\(startedAt)".shown
    }

    /// One object, of a kind that gateways do not send.
    var json: [UInt8] {
      Value.object([
        "t": "restart", "at": .int(at), "node": .string(node), "target": .string(target),
        "started_at": .int(startedAt), "before_started_at": .int(before),
      ]).jsonBytes
    }
  }

  /// By target; as many as were named on the command line.
  private var startedAt: [ByteText: Int64] = [:]

  init() {}

  /// - Parameter at: when the gateway said who it is; nil for now.
  /// - Returns: nil for one that is the same as before, or the first.
  mutating func note(_ hello: Hello, of target: ByteText, at: Int64?) -> Restart? {
    // Some do not know.
    guard hello.startedAt > 0 else { return nil }
    guard let before = startedAt.updateValue(hello.startedAt, forKey: target), before != hello.startedAt
    else {
      return nil
    }
    return Restart(
      target: target, node: hello.node, at: at ?? SystemTime().wallMicroseconds(), startedAt: hello.startedAt,
      before: before)
  }
}
