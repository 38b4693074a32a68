import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import Testing

@testable import TopScreen

@Suite("An event in one line")
struct EventTextTests {
  private func summary(_ name: ByteText, _ fields: [(ByteText, Value)]) -> String {
    EventText.summary(
      EventRecord(
        sequence: 1, at: 1, name: name, metadata: ValueObject(uniqueKeysWithValues: fields)))
  }

  @Test("the line tells what the table of events says, in its order", arguments: EventName.allCases)
  func tells(_ name: EventName) {
    let keys = name.definition.tells.map { ByteText("\($0)") }
    // Fields come in any order.
    let text = summary(
      name.path, keys.enumerated().reversed().map { ($1, .string("value_\(ByteText("\($0)"))")) })
    let positions = keys.indices.prefix(6).map { text.firstRange(of: "value_\($0)")?.lowerBound }
    #expect(positions.allSatisfy { $0 != nil }, "\(text)")
    #expect(positions == positions.sorted { ($0 ?? text.endIndex) < ($1 ?? text.endIndex) }, "\(text)")
  }

  @Test("every event but the beginning of a pull tells something")
  func silent() {
    #expect(EventName.allCases.filter(\.definition.tells.isEmpty) == [.configPullStart])
  }

  @Test("relay, channel and cluster events tell whom they are about")
  func extensions() {
    #expect(
      summary("phoenix_gen_api.channel.join", [("topic", "room:1"), ("user_id", "u_1")]) == "room:1  u_1")
    #expect(summary("phoenix_gen_api.cluster.node.up", [("node", "a@b")]) == "a@b")
    #expect(
      summary(
        "phoenix_gen_api.relay.message",
        [("recipients", 3), ("group_id", "g"), ("from_user_id", "u_1")]) == "g  u_1  3 recipients")
  }

  @Test("an event of a later version tells its first fields, without those that have a column")
  func unknown() {
    let fields: [(ByteText, Value)] =
      [("service", "s"), ("request_id", "r"), ("attempt", 2)] + (1...9).map { ("f\($0)", .int($0)) }
    #expect(summary("phoenix_gen_api.weather.rain", fields) == "attempt 2  1  2  3  4  5")
  }
}
