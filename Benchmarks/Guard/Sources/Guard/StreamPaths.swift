import GenAPIStream
import GenAPITelemetry
import NIOCore

/// An event's way over the stream: written by the exporter, read by the subscriber.
enum StreamPaths {
  static let all = [written, read]

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

  private static let event = EmittedEvent(
    sequence: 1, wallMicroseconds: 1_700_000_000_000_000, monotonicNanoseconds: 1,
    event: .requestStop(
      RequestStop(
        request: RequestContext(
          requestID: "req_81f2",
          function: FunctionIdentity(service: "user_service", requestType: "get_user"), userID: "u_17"),
        durationUs: 1_204, outcome: .ok, nodeCalled: "app1@10.0.0.7")))
}
