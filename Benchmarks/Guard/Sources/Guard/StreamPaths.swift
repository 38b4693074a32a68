import GenAPIStream
import GenAPITelemetry
import NIOCore

/// An event's way over the stream: written by the exporter, read by the subscriber; and a state's, which is read only.
enum StreamPaths {
  static let all = [written, read, readState]

  private static let written = HotPath("an event written as a line of JSON") {
    var encoder = EventEncoder()
    return { _ in _ = encoder.encode(event) }
  }

  private static let read = HotPath("an event's line read by a subscriber") {
    var encoder = EventEncoder()
    _ = encoder.encode(event)
    let line = encoder.withLine { ByteBuffer(bytes: $0.dropLast()) }
    return { _ in _ = FrameDecoder.decode(line) }
  }

  /// A function more costs what its entry costs: 12 kinds of latency, two of outcomes.
  private static let readState = HotPath(
    "a state's line read by a subscriber, by function", calls: 20, warmUp: 2, parts: 1_000
  ) {
    var change = GatewayStateChange()
    change.series = (0..<1_000).map { number in
      SeriesState(
        service: "service_\(number / 10)", requestType: "call_\(number % 10)", version: "1.0.0",
        requests: 1_200,
        outcomes: ["ok": 1_100, "error": 100],
        latency: LatencyHistogram(buckets: (1...12).map { (100 * $0, 100) }, sum: 6_000_000))
    }
    var line = FrameEncoder.line(.state(at: 1_700_000_000_000_000, sequence: 1, change))
    line.moveWriterIndex(to: line.writerIndex - 1)
    return { _ in _ = FrameDecoder.decode(line) }
  }

  private static let event = EmittedEvent(
    sequence: 1, wallMicroseconds: 1_700_000_000_000_000, monotonicNanoseconds: 1,
    event: .requestStop(
      RequestStop(
        request: RequestContext(
          requestID: "req_81f2",
          function: FunctionIdentity(service: "user_service", requestType: "get_user"), userID: "u_17"),
        durationUs: 1_204, outcome: .ok, nodeCalled: "app1@10.0.0.7")))
}
