import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import Testing

@testable import TopModel

@Suite("How a gateway that went stood at moments before")
struct GoneInThePastTests {
  @Test("from the moment on at which its connection broke it is not up, and is again once it told anew")
  func gone() {
    var fixture = ModelFixture(gateways: 2)
    for _ in 1...5 { fixture.tick() }
    let gone = fixture.second
    fixture.model.fold(.closed(reason: "the gateway shuts down"), of: 1, at: fixture.now)
    for _ in 1...8 {
      fixture.second += 1
      fixture.send(0)
    }
    let hello = Hello(node: "gw2", software: "genapi/1", startedAt: fixture.now)
    fixture.model.fold(.connected(hello), of: 1, at: fixture.now)
    let back = fixture.second
    fixture.send(1, isSnapshot: true)
    for _ in 1...3 { fixture.tick() }
    func isUp(at second: Int64) -> Bool? {
      var settings = ViewSettings()
      settings.moment = .at(ModelFixture.start + second * 1_000_000 + 500_000)
      return fixture.model.nodes(settings).first { $0.name == "gw2" }?.isUp
    }
    #expect(isUp(at: gone - 1) == true)
    for second in gone...(back - 1) { #expect(isUp(at: second) == false, "\(second)") }
    #expect(isUp(at: back + 1) == true && isUp(at: fixture.second) == true)
  }
}
