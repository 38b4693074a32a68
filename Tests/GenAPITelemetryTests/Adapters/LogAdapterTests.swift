import GenAPITelemetry
import InMemoryLogging
import Logging
import Testing

@Suite("The log adapter")
struct LogAdapterTests {
  private let handler = InMemoryLogHandler()
  private func logger(_ level: Logger.Level) -> Logger {
    var logger = Logger(label: "test") { _ in handler }
    logger.logLevel = level
    return logger
  }

  @Test("every event of the catalogue becomes one debug line with its name")
  func lines() {
    let adapter = LogAdapter(logger: logger(.debug))
    var series = EventSeries()
    for event in SampleEvents.catalogue { adapter.handle(series.emitted(event)) }
    #expect(handler.entries.map { "\($0.message)" } == EventName.catalogue.map(\.path))
    #expect(handler.entries.allSatisfy { $0.level == .debug })
  }

  @Test("measurements and metadata are the metadata of the line")
  func metadata() throws {
    let adapter = LogAdapter(logger: logger(.debug))
    var series = EventSeries()
    adapter.handle(series.emitted(SampleEvents.catalogue[3]))
    let metadata = try #require(handler.entries.first).metadata
    #expect(
      metadata.mapValues { "\($0)" } == [
        "sequence": "1", "attempt": "1", "backoff_ms": "100", "request_id": "req_1",
        "service": "user_service", "request_type": "get_user", "version": "1.0.0", "user_id": "u_1",
        "mode": "all_nodes", "type": "remote", "nodes": "[\"n1\", \"n2\"]",
      ])
  }

  @Test("the level can be chosen")
  func level() {
    let adapter = LogAdapter(logger: logger(.notice), level: .notice)
    var series = EventSeries()
    adapter.handle(series.emitted(.configClear))
    #expect(handler.entries.map(\.level) == [.notice])
  }

  @Test("a logger that shows only graver lines gets none")
  func quiet() {
    let adapter = LogAdapter(logger: logger(.info))
    var series = EventSeries()
    adapter.handle(series.emitted(.configClear))
    #expect(handler.entries.isEmpty)
  }

  @Test("the default logger listens to the catalogue until it is detached")
  func attached() throws {
    let bus = TelemetryBus(node: "gw1")
    try bus.attachDefaultLogger(logger: logger(.debug))
    #expect(bus.handlers.map(\.id) == [TelemetryBus.defaultLoggerID])
    #expect(EventName.catalogue.allSatisfy(bus.wants))
    #expect(!bus.wants(.relayMessage))
    #expect(throws: BusError.self) { try bus.attachDefaultLogger() }
    #expect(bus.detachDefaultLogger())
    #expect(bus.handlers.isEmpty)
  }
}
