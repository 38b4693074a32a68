import Foundation
import GenAPITelemetry
import GenAPIValue
import TestStates
import Testing

@Suite("The sections of a gateway's state")
struct StateSectionTests {
  @Test("every property of a state is a section, and is written under a name of its own")
  func everyProperty() throws {
    let names = GatewayState.sectionNames
    #expect(Set(names).count == names.count)
    #expect(Mirror(reflecting: GatewayState()).children.count == names.count)
    let written = try #require(try ValueEncoder().encode(GatewayState.example()).object)
    #expect(written.map(\.key) == names)
    let empty = try #require(try ValueEncoder().encode(GatewayState()).object)
    #expect(empty.map(\.key) == names)
  }

  @Test("an example has an entry in every list")
  func example() throws {
    let written = try #require(try ValueEncoder().encode(GatewayState.example()).object)
    for name in GatewayState.listNames { #expect(written[name]?.array?.count == 1, "\(name)") }
  }

  @Test("what is written of a state or a change is read back as it was")
  func readBack() throws {
    let state = try GatewayState.example()
    #expect(try ValueDecoder().decode(GatewayState.self, from: ValueEncoder().encode(state)) == state)
    var change = state.changes(since: GatewayState())
    change.removed = ["series": ["a"]]
    #expect(try ValueDecoder().decode(GatewayStateChange.self, from: ValueEncoder().encode(change)) == change)
    #expect(try ValueEncoder().encode(change).object?.map(\.key) == GatewayState.sectionNames + ["removed"])
  }

  @Test("a change holds only what changed, and names nothing else", arguments: GatewayState.sectionNames)
  func onlyWhatChanged(_ name: ByteText) throws {
    var fields = try #require(try ValueEncoder().encode(GatewayState()).object)
    fields[name] = try ValueEncoder().encode(GatewayState.example()).object?[name]
    let state = try ValueDecoder().decode(GatewayState.self, from: .object(fields))
    let change = state.changes(since: GatewayState())
    #expect(try ValueEncoder().encode(change).object?.map(\.key) == [name])
    var folded = GatewayState()
    folded.apply(change)
    #expect(folded == state)
  }

  @Test("entries of every list are found to be gone, and go")
  func gone() throws {
    let state = try GatewayState.example()
    let change = GatewayState().changes(since: state)
    #expect(change.removed.map { Set($0.keys) } == Set(GatewayState.listNames))
    var folded = state
    folded.apply(change)
    #expect(folded == GatewayState())
  }

  @Test(
    "a state without one of its sections is no state, and the error names it",
    arguments: GatewayState.sectionNames)
  func missing(_ name: ByteText) throws {
    var fields = try #require(try ValueEncoder().encode(GatewayState.example()).object)
    fields[name] = nil
    let error = #expect(throws: DecodingError.self) {
      try ValueDecoder().decode(GatewayState.self, from: .object(fields))
    }
    guard case .keyNotFound(let key, _)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(key.stringValue == name.string)
  }

  @Test("a text of any field of any section is cut")
  func texts() throws {
    let long = String(repeating: "long ", count: 2_000)
    let fields = try WrittenField.all(of: .example(text: long))
    #expect(fields.contains { $0.value.string?.byteCount == 10_000 })
    var state = try GatewayState.example(text: long)
    var bound = TextBound()
    state.edit(&bound)
    for field in try WrittenField.all(of: state) {
      #expect(field.value.string.map { $0.byteCount <= 1_024 } ?? true, "\(field.section) \(field.key)")
    }
    #expect(bound.cuts > 30)
  }

  @Test("the document of the stream has every section in its table")
  func document() throws {
    let names = try MarkdownTables("docs/stream.md").words["The state"]?.flatMap { cell in
      cell.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    #expect(names == GatewayState.sectionNames.map(\.string))
  }

  @Test("the document of the stream has every field of every section, its type and whether it may be absent")
  func fields() throws {
    let tables = try MarkdownTables("docs/stream.md").fields
    let sections = try DescribedFields().sections
    #expect(sections.count == GatewayState.sectionNames.count + 1)
    for (name, fields) in sections {
      let told = try #require(tables[name], "\(name) has no table of its fields")
      #expect(told == fields, "\(name)")
    }
  }
}
