import GenAPIStream
import GenAPIValue
import Testing

@testable import genapi_top

@Suite("A gateway's restart among its events")
struct RestartsTests {
  @Test("is noticed by when it started, of each gateway by itself, and its line says both times")
  func noticed() throws {
    var restarts = Restarts()
    #expect(restarts.note(Hello(node: "gw1", startedAt: 5), of: "a:1", at: 10) == nil)
    #expect(restarts.note(Hello(node: "gw2", startedAt: 6), of: "b:1", at: 10) == nil)
    #expect(restarts.note(Hello(node: "gw1", startedAt: 5), of: "a:1", at: 11) == nil, "a new connection")
    let noted = restarts.note(Hello(node: "gw\u{1B}1", startedAt: 20), of: "a:1", at: 21)
    let restart = try #require(noted)
    let value = try Value(json: String(decoding: restart.json, as: UTF8.self))
    #expect(value["t"] == "restart" && value["target"] == "a:1" && value["at"] == 21)
    #expect(value["started_at"] == 20 && value["before_started_at"] == 5)
    #expect(!restart.text.contains("\u{1B}") && restart.text.contains("restarted target=a:1"))
    #expect(restarts.note(Hello(node: "gw1", startedAt: 20), of: "a:1", at: 22) == nil)
  }

  @Test("is not guessed of one that does not say when it started")
  func unknown() {
    var restarts = Restarts()
    #expect(restarts.note(Hello(node: "gw1", startedAt: 0), of: "a:1", at: 1) == nil)
    #expect(restarts.note(Hello(node: "gw1", startedAt: 7), of: "a:1", at: 2) == nil)
    #expect(restarts.note(Hello(node: "gw1", startedAt: 0), of: "a:1", at: 3) == nil)
  }
}
