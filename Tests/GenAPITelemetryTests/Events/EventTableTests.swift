import GenAPITelemetry
import GenAPIValue
import TestEvents
import TestStates
import Testing

@Suite("The table of events")
struct EventTableTests {
  @Test("docs/events.md has each event once, in order, with its category, subject and severity")
  func document() throws {
    let rows = try EventDocument().rows
    #expect(rows.map(\.name) == EventName.allCases.map(\.shortName.string))
    for name in EventName.allCases {
      let row = try #require(rows.first { $0.name == name.shortName.string })
      #expect(row.category == name.category.rawValue)
      #expect(row.about == name.definition.about.description, "\(name)")
      #expect(
        row.severity == (name.definition.severity.map { "\($0)" } ?? "as the outcome"), "\(name)")
    }
  }

  @Test("docs/events.md says of every field of any event what type it has and what it is, and of no other")
  func fields() throws {
    let told = try #require(try MarkdownTables("docs/events.md").fields["Fields"])
    #expect(Set(told.map(\.name)).count == told.count)
    let types = Dictionary(told.map { ($0.name, $0.type) }, uniquingKeysWith: { $1 })
    var found: [String: String] = [:]
    for event in SampleEvents.all {
      var collector = TypeCollector()
      event.visitMeasurements(&collector)
      event.visitMetadata(&collector)
      found.merge(collector.types) { _, new in new }
    }
    // The samples' request has no trace.
    found["trace_id"] = "text"
    found["parent_span_id"] = "text"
    #expect(types == found)
  }

  @Test("only the end of a request has the severity of its outcome")
  func severity() {
    #expect(EventName.allCases.filter { $0.definition.severity == nil } == [.executorRequestStop])
    #expect(EventSeverity(of: .ok) == .normal && EventSeverity(of: .rateLimited) == .warning)
    #expect(EventSeverity(of: .timeout) == .critical)
  }

  @Test("what is shown first of an event are fields of it")
  func tells() throws {
    let document = try EventDocument()
    for name in EventName.allCases {
      let row = try #require(document.row(name))
      let fields = Set((row.measurements + row.metadata).map(\.name))
      for key in name.definition.tells { #expect(fields.contains("\(key)"), "\(name) has no \(key)") }
    }
  }

  @Test("an event is about what the table says, and its service, type and user are those of its fields")
  func subject() {
    for event in SampleEvents.all {
      let fields = FieldCollector.metadata(event)
      #expect(event.name.definition.about.isSuperset(of: event.subject.parts), "\(event.name)")
      // It names "all" of them.
      if event.subject.parts == .everything { continue }
      #expect(event.service == fields["service"], "\(event.name)")
      #expect(event.requestType == fields["request_type"], "\(event.name)")
      #expect(event.userID == fields["user_id"] ?? fields["from_user_id"], "\(event.name)")
    }
  }

  @Test("an event of a later version is of the category that its name begins with")
  func later() {
    #expect(EventCategory(ofEvent: "hook.around.start") == .hooks)
    #expect(EventCategory(ofEvent: "relay.group.rename") == .relay)
    #expect(EventCategory(ofEvent: "weather.rain") == nil && EventCategory(ofEvent: "") == nil)
  }
}
