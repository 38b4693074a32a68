import GenAPITelemetry
import GenAPIValue
import TestStates
import Testing

@testable import GenAPIStream

@Suite("The sections of a state on their way")
struct StateSectionPiecesTests {
  @Test("the pieces of a change together have all of every section")
  func pieces() throws {
    let state = try GatewayState.example()
    let change = state.changes(since: GatewayState())
    let lines = StateEncoder.change(at: 1, sequence: 2, change, limit: 800)
    #expect(lines.count > 4)
    var folded = GatewayState()
    for line in lines {
      guard case .state(1, 2, let piece) = try FrameDecoder.decode(line).get() else {
        Issue.record("no state")
        continue
      }
      folded.apply(piece)
    }
    #expect(folded == state)
  }

  @Test("a filter of services leaves out what belongs to other services, and nothing else")
  func narrowed() throws {
    var filter = EventFilter()
    filter.include.services = ["other"]
    var state = try GatewayState.example(text: "a")
    state.limits[0].scope = "a/get"
    let left = state.narrowed(by: CompiledFilter(filter)).changes(since: GatewayState())
    let names = try Set(#require(ValueEncoder().encode(left).object).map(\.key))
    let gone: Set<ByteText> = [
      "series", "top_users", "limits", "hot_keys", "functions", "services", "config_changes",
      "failed_configs", "nodes",
    ]
    #expect(names == Set(GatewayState.sectionNames).subtracting(gone))
    filter.include.services = ["a"]
    #expect(state.narrowed(by: CompiledFilter(filter)) == state)
  }
}
