import GenAPITelemetry
import GenAPIValue
import TestEvents
import Testing

@Suite("The fields of events")
struct EventFieldsTests {
  @Test("there is a sample of every event, in the catalogue's order")
  func samples() {
    #expect(SampleEvents.catalogue.map(\.name) == EventName.catalogue)
    #expect(Set(SampleEvents.all.map(\.name)) == Set(EventName.allCases))
  }

  @Test("every event visits the measurements and metadata that docs/events.md lists")
  func fields() throws {
    let document = try EventDocument()
    for event in SampleEvents.all {
      let row = try #require(document.row(event.name), "\(event.name)")
      #expect(FieldCollector.measurements(event).keys == row.measurements.map(\.name), "\(event.name)")
      // The samples' request has no trace.
      let metadata = row.metadata.map(\.name).filter { $0 != "trace_id" && $0 != "parent_span_id" }
      #expect(FieldCollector.metadata(event).keys == metadata, "\(event.name)")
    }
  }

  @Test("absent fields are left out")
  func absent() {
    let anonymous = RequestContext(
      requestID: "r", function: FunctionIdentity(service: "s", requestType: "t"))
    let stop = TelemetryEvent.requestStop(RequestStop(request: anonymous, durationUs: 1, outcome: .ok))
    #expect(
      FieldCollector.metadata(stop).keys
        == ["request_id", "service", "request_type", "success", "outcome", "async"])
  }

  @Test("success is true for the outcome ok only", arguments: RequestOutcome.allCases)
  func success(outcome: RequestOutcome) {
    let stop = TelemetryEvent.requestStop(
      RequestStop(request: SampleEvents.context, durationUs: 1, outcome: outcome))
    #expect(FieldCollector.metadata(stop)["success"] == (outcome == .ok ? "true" : "false"))
    #expect(FieldCollector.metadata(stop)["outcome"] == ByteText(outcome.rawValue))
  }

  @Test("a retry is remote when it names nodes, else local")
  func retryType() {
    let local = TelemetryEvent.retry(
      RetryAttempt(request: SampleEvents.context, attempt: 1, backoffMs: 0, mode: "same_node", nodes: nil))
    #expect(FieldCollector.metadata(local)["type"] == "local")
    #expect(FieldCollector.metadata(SampleEvents.catalogue[3])["type"] == "remote")
  }

  @Test("clearing the store says all for service, request type and version")
  func clear() {
    let fields = FieldCollector.metadata(.configClear)
    #expect(fields.fields.map(\.value) == ["all", "all", "all"])
  }

  @Test("events of a request that has a trace tell its ids, with the request's own fields")
  func traced() throws {
    let trace = try #require(
      TraceContext(parent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"))
    let request = RequestContext(
      requestID: "r", function: FunctionIdentity(service: "s", requestType: "t"), trace: trace)
    let events: [TelemetryEvent] = [
      .requestStart(request, systemTime: 1),
      .requestStop(RequestStop(request: request, durationUs: 1, outcome: .ok)),
      .taskStart(PoolTask(request: request, pool: "async_pool", worker: 1), systemTime: 1),
    ]
    for event in events {
      let fields = FieldCollector.metadata(event)
      #expect(fields["trace_id"] == trace.traceID && fields["parent_span_id"] == "00f067aa0ba902b7")
    }
  }
}
