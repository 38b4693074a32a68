import GenAPITelemetry
import GenAPIValue
import Testing

@Suite("Events as objects")
struct ValueObjectVisitorTests {
  @Test("an event's fields keep their kind and order")
  func kinds() {
    let retry = SampleEvents.catalogue[3]
    #expect(Value.object(retry.measurements) == ["attempt": 1, "backoff_ms": 100])
    #expect(retry.metadata["nodes"] == ["n1", "n2"])
    #expect(SampleEvents.catalogue[1].metadata["async"] == true)
  }

  @Test("every event has the fields it visits, none twice")
  func complete() {
    for event in SampleEvents.catalogue + SampleEvents.extensions {
      #expect(event.metadata.keys.map(\.string) == FieldCollector.metadata(event).keys, "\(event.name)")
      #expect(
        event.measurements.keys.map(\.string) == FieldCollector.measurements(event).keys, "\(event.name)")
    }
  }
}
