/// Hands the events of a bus on to another system: logs, metrics, traces.
public protocol TelemetryAdapter: Sendable {
  /// The events it makes something of.
  var selection: EventSelection { get }

  /// Called for each of them, in order, on a thread of the bus that only this adapter uses.
  func handle(_ event: EmittedEvent)
}

extension TelemetryBus {
  /// Attaches an adapter to the events it selects.
  ///
  /// ```swift
  /// try bus.attach("metrics", MetricsAdapter())
  /// try bus.attach("tracing", TracingAdapter())
  /// ```
  ///
  /// - Throws: `BusError` when the id is taken or the limit of handlers is reached.
  public func attach(_ id: String, _ adapter: some TelemetryAdapter, queue: Int? = nil) throws {
    let attachment = try attach(id, adapter.selection, queue) { adapter.handle($0) }
    if let maker = adapter as? any RequestSpanMaker { make(spansBy: maker, for: attachment) }
  }
}
