import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import Testing

@testable import TopModel

@Suite("What gateways have differently of a service")
struct ServiceComparisonTests {
  /// Two gateways; of each the service's version and its functions as `type@version`.
  private func fixture(
    _ first: (version: ByteText?, functions: [ByteText]),
    _ second: (version: ByteText?, functions: [ByteText])
  ) -> ModelFixture {
    var fixture = ModelFixture(gateways: 2)
    for _ in 0..<2 {
      fixture.tick { state, index in
        let side = index == 0 ? first : second
        state.services = [
          ServiceState(service: "users", configVersion: side.version, functions: side.functions.count)
        ]
        state.functions = side.functions.map { name in
          let parts = name.parted(at: UInt8(ascii: "@"))
          return FunctionState(
            service: "users", requestType: parts?.before ?? name, version: parts?.after)
        }
      }
    }
    return fixture
  }

  /// What each of those who compare says: the pane, the alert, a check and the summary.
  private func answers(_ fixture: ModelFixture) throws -> [Bool] {
    let check = try fixture.model.answer(AlertExpression(parsing: "no config mismatch"), window: .tenSeconds)
    guard case .found(let found) = check else { return [] }
    return [
      fixture.model.configs(ViewSettings()).services[0].isMismatched,
      fixture.model.alertRows.contains { $0.rule == "config mismatch" && $0.isFiring },
      !found[0].holds, !fixture.model.summary.config_mismatches.isEmpty,
    ]
  }

  @Test("a function in another version is a mismatch to the pane, alerts, checks and the summary alike")
  func otherVersion() throws {
    let fixture = fixture((nil, ["get@1.0.0"]), (nil, ["get@2.0.0"]))
    #expect(try answers(fixture) == [true, true, true, true])
    let comparison = fixture.model.configs(ViewSettings()).services[0].comparison
    #expect(
      comparison.differences == [
        ConfigDifference(requestType: "get", setting: "version", values: ["gw1": "1.0.0", "gw2": "2.0.0"])
      ])
    #expect(comparison.text == "get: version differs")
  }

  @Test("where a function's versions differ its other settings are compared as well")
  func settingsOfOtherVersion() throws {
    var fixture = ModelFixture(gateways: 3)
    fixture.tick { state, index in
      var function = FunctionState(
        service: "users", requestType: "get", version: index == 2 ? "0.9.0" : "1.0.0")
      function.timeoutMs = index == 2 ? 900 : 3_000
      state.services = [ServiceState(service: "users", functions: 1)]
      state.functions = [function]
    }
    let told = fixture.model.configs(ViewSettings()).services[0].comparison.differences.map {
      "\($0.setting) \($0.told)"
    }
    #expect(
      told.contains("version gw3 0.9.0, others 1.0.0") && told.contains("timeout gw3 900 ms, others 3000 ms"))
  }

  @Test("as many functions, and not the same ones, is a mismatch")
  func otherFunctions() throws {
    let fixture = fixture(("1", ["get", "list"]), ("1", ["get", "find"]))
    #expect(try answers(fixture) == [true, true, true, true])
    #expect(fixture.model.summary.config_mismatches[0].text == "2 functions differ")
  }

  @Test("a gateway that tells no version differs from one that does")
  func noVersion() throws {
    let fixture = fixture(("1.0.0", ["get"]), (nil, ["get"]))
    #expect(try answers(fixture) == [true, true, true, true])
    #expect(fixture.model.alertRows.first { $0.rule == "config mismatch" }?.value == "1.0.0 / none")
  }

  @Test(
    "a check that finds mismatches names gateways and functions, with what each says, as many as fit a line")
  func detail() throws {
    func told(_ first: (ByteText?, [ByteText]), _ second: (ByteText?, [ByteText])) throws -> ByteText? {
      let answer = try fixture(first, second).model.answer(
        AlertExpression(parsing: "no config mismatch"), window: .tenSeconds)
      guard case .found(let found) = answer, found.count == 1, found[0].subject == "users" else { return nil }
      return found[0].detail
    }
    #expect(try told(("1", ["get"]), ("2", ["get"])) == "version 1 on gw1, 2 on gw2")
    #expect(try told((nil, ["get"]), ("2", ["get"])) == "version 2 on gw2, none on gw1")
    #expect(try told(("1", ["get@1"]), ("1", ["get@2"])) == "get: version 1 on gw1, 2 on gw2")
    #expect(
      try told(("1", ["get", "list"]), ("1", ["get", "find"]))
        == "find: not on gw1; list: not on gw2")
    let many = (1...9).map { "f\($0)" as ByteText }
    #expect(try told(("1", many), ("1", ["get"]))?.hasSuffix("; and 5 more") == true)
  }

  @Test("a function that one gateway lacks is told with the gateway's name")
  func missing() throws {
    let fixture = fixture(("1", ["get", "list"]), ("1", ["get"]))
    #expect(try answers(fixture) == [true, true, true, true])
    #expect(fixture.model.alertRows.first { $0.rule == "config mismatch" }?.value == "list not on gw2")
  }

  @Test("gateways that have the same agree, a silent one's old version counts for nobody")
  func same() throws {
    #expect(try answers(fixture(("1", ["get@1"]), ("1", ["get@1"]))) == [false, false, false, false])
    var fixture = fixture(("2", ["get@2"]), ("1", ["get@1"]))
    fixture.model.fold(.failed("gone"), of: 1, at: fixture.now)
    fixture.model.tick(at: fixture.now)
    let service = fixture.model.configs(ViewSettings()).services[0]
    #expect(!service.isMismatched && service.versions["gw2"] == "1")
    #expect(fixture.model.summary.config_mismatches.isEmpty)
    #expect(!fixture.model.alertRows.contains { $0.rule == "config mismatch" && $0.isFiring })
  }

  @Test("a filter of functions hides no mismatch of their service")
  func filtered() throws {
    let fixture = fixture(("1", ["get@1", "list"]), ("1", ["get@2", "list"]))
    var settings = ViewSettings()
    settings.filter = try FilterExpression(parsing: "type:list")
    #expect(fixture.model.configs(settings).services[0].isMismatched)
    #expect(fixture.model.configs(settings).functions.map(\.requestType) == ["list"])
  }
}
