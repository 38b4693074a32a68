import Foundation
import GenAPIGateway
import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import Testing

@Suite("Samples of the pages: the telemetry stream")
struct StreamSamples {
  @Test("exporting, watching and recording")
  func stream() async throws {
    let gateway = try Gateway(configuration: GatewayConfiguration(node: "gw1"))
    try gateway.register(ServiceEndpoints("user_service") { Endpoint("ping") { "pong" } })
    // sample: an exporter
    let exporter = StreamExporter(
      configuration: StreamExporterConfiguration(addresses: [.tcp(host: "127.0.0.1", port: 0)]),
      bus: gateway.bus, source: gateway)
    try await exporter.start()
    // end
    let port = try #require(exporter.boundAddress?.port)
    _ = await gateway.execute(Request(service: "user_service", requestType: "ping", requestID: "1"))
    let path = NSTemporaryDirectory() + "sample-\(UUID()).jsonl"
    defer { try? FileManager.default.removeItem(atPath: path) }
    // sample: watching
    var subscription = Subscription()
    subscription.filter.include.services = ["user_*"]
    let subscriber = StreamSubscriber(
      target: StreamTarget(host: "127.0.0.1", port: port), subscription: subscription)
    subscriber.start()
    var state = GatewayState()
    watching: for await event in subscriber.events {
      guard case .frame(let frame) = event else { continue }
      switch frame {
      case .snapshot(_, _, let whole): state = whole
      case .state(_, _, let change): state.apply(change)
      case .event(let record): print(record.shortName, record.outcome ?? .ok)
      case .dropped(_, let events): print("\(events.count) events were missed")
      default: break
      }
      if let ping = state.series.first(where: { $0.requestType == "ping" }), ping.requests > 0 {
        print("p99 \(ping.latency.quantile(0.99) ?? 0) µs")
        break watching
      }
    }
    // end
    #expect(state.series.map(\.requests) == [1])
    // sample: recording
    let recording = try RecordingWriter(
      path: path, startedAt: SystemTime().wallMicroseconds(), targets: [subscriber.target])
    subscriber.record(to: recording)
    // end
    let frames = subscriber.events
    for await case .frame(.state) in frames { break }
    // sample: the end of a recording
    subscriber.record(to: nil)
    recording.close()
    await subscriber.stop()
    // end
    await exporter.stop(reason: "the sample is over")
    // sample: reading a recording
    var reader = try RecordingReader(path: path)
    var frameTypes: [ByteText] = []
    while let recorded = try reader.next() { frameTypes.append(recorded.frame.type) }
    // end
    #expect(frameTypes.prefix(2) == ["hello", "snapshot"])
  }
}
