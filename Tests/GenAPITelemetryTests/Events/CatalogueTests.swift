import GenAPITelemetry
import GenAPIValue
import Testing

@Suite("The catalogue of events")
struct CatalogueTests {
  /// The specification's table, in its order.
  static let specification = [
    "executor.request.start", "executor.request.stop", "executor.request.exception", "executor.retry",
    "executor.retry.exhausted",
    "rate_limiter.check", "rate_limiter.exceeded", "rate_limiter.reset", "rate_limiter.cleanup",
    "hook.before.start", "hook.before.stop", "hook.before.exception", "hook.after.start", "hook.after.stop",
    "hook.after.exception",
    "worker_pool.task.start", "worker_pool.task.stop", "worker_pool.task.exception",
    "worker_pool.task.rejected", "worker_pool.circuit_breaker.open", "worker_pool.circuit_breaker.close",
    "config.pull.start", "config.pull.stop", "config.pull.exception", "config.push", "config.add",
    "config.batch_add", "config.delete", "config.clear", "config.disable", "config.enable",
  ]

  @Test("has exactly the 31 events of the specification, in its order (W-57)")
  func order() {
    #expect(EventName.catalogue.count == 31)
    #expect(EventName.catalogue.map(\.shortName.string) == Self.specification)
    #expect(TelemetryBus.listEvents() == EventName.catalogue)
  }

  @Test("has 5, 4, 6, 6 and 10 events in its five categories")
  func categories() {
    let counts = Dictionary(grouping: EventName.catalogue, by: \.category).mapValues(\.count)
    #expect(counts == [.executor: 5, .rateLimiter: 4, .hooks: 6, .workerPool: 6, .config: 10])
  }

  @Test("an event's first word is a category", arguments: EventName.allCases)
  func category(_ name: EventName) {
    #expect(
      EventCategory(ofEvent: name.shortName) == name.category, "\(name.shortName) belongs to no category")
  }

  @Test("keeps extensions apart")
  func extensions() {
    #expect(Set(EventName.extensions.map(\.category)) == [.relay, .channel, .cluster])
    #expect(EventName.catalogue + EventName.extensions == EventName.allCases)
  }

  @Test("names every event once, under the upstream prefix")
  func names() {
    #expect(Set(EventName.allCases.map(\.path)).count == EventName.allCases.count)
    #expect(EventName.allCases.allSatisfy { $0.path == "phoenix_gen_api." + $0.shortName })
    #expect(EventName.executorRequestStop.elements == ["phoenix_gen_api", "executor", "request", "stop"])
  }

  @Test("finds every event again by its full path and by its short form", arguments: EventName.allCases)
  func roundTrip(name: EventName) {
    #expect(EventName(path: name.path) == name)
    #expect(EventName(path: name.shortName) == name)
  }

  @Test(
    "knows no event by a wrong path", arguments: ["", "executor", "executor.request", "phoenix_gen_api."])
  func unknown(path: String) {
    #expect(EventName(path: ByteText(path)) == nil)
  }

  @Test("fits into the 64 bits of a selection")
  func fitsIntoMask() {
    #expect(EventName.allCases.count <= 64)
    #expect(EventSelection.allAndExtensions.names == EventName.allCases)
    #expect(EventSelection.all.names == EventName.catalogue)
  }
}
