import GenAPIValue
import Locking
import Testing

@testable import GenAPIGateway

@Suite("A request that is refused before its call takes one turn among the nodes")
struct RefusedTurnTests {
  enum Refusal: CaseIterable, Sendable { case failing, aborting, permission, callback, arguments }

  /// Which node ran what, in turn.
  private final class Record: Sendable {
    private let state = Mutex<[String]>([])
    func note(_ text: String) { state.withLock { $0.append(text) } }
    func take() -> [String] {
      state.withLock {
        let notes = $0
        $0 = []
        return notes
      }
    }
  }

  private func fixture(_ refusal: Refusal?, _ type: ResponseType, _ record: Record) throws -> GatewayFixture {
    let fixture = try GatewayFixture()
    try fixture.push("f") {
      $0.nodes = .list(["a@test", "b@test"])
      $0.chooseNode = .roundRobin
      $0.responseType = type
      $0.arguments = ["x": ArgumentSpec(.num)]
      if refusal == .permission { $0.permission = .role(["admin"]) }
      if refusal == .callback {
        $0.permissionCallback = FunctionReference("Svc", "may")
      } else {
        $0.beforeExecute = FunctionReference("Svc", "before")
      }
      $0.afterExecute = FunctionReference("Svc", "after")
    }
    for (name, registry) in fixture.nodes {
      let clock = fixture.clock
      registry.register("Svc.f") { _ in .ok(1) }
      registry.registerPermission("Svc.may") { _, _ in
        record.note("before \(name)")
        return false
      }
      registry.registerBeforeHook("Svc.before") { request, config, _ in
        record.note("before \(name)")
        switch refusal {
        case .failing: throw FunctionError("broken")
        case .aborting: return .abort("no")
        case nil where name == "a@test": try await clock.sleep(milliseconds: 60_000)
        default: break
        }
        return .proceed(request, config)
      }
      registry.registerAfterHook("Svc.after") { _, _, response, _ in
        record.note("after \(name)")
        return response
      }
    }
    return fixture
  }

  @Test(
    "its after hook runs on the node of its before hook or its permission, and the next request has the next node",
    arguments: Refusal.allCases, [ResponseType.sync, .async])
  func oneTurn(_ refusal: Refusal, _ type: ResponseType) async throws {
    let record = Record()
    let fixture = try fixture(refusal, type, record)
    var runs: [[String]] = []
    for _ in 0..<6 {
      let connection = fixture.connect()
      let response = await fixture.gateway.execute(
        Request(
          service: "svc", requestType: "f", requestID: "1", args: ["x": refusal == .arguments ? "no" : 1],
          userID: "u"),
        on: connection)
      #expect(response?.success == false, "\(response as Any)")
      runs.append(record.take())
    }
    let a = ["before a@test", "after a@test"]
    let b = ["before b@test", "after b@test"]
    #expect(runs == [a, b, a, b, a, b] || runs == [b, a, b, a, b, a], "\(runs)")
  }

  @Test("a hook's node that hangs keeps every other request only, and its after hook runs on the next")
  func hanging() async throws {
    let record = Record()
    let fixture = try fixture(nil, .sync, record)
    var runs: [[String]] = []
    for _ in 0..<4 {
      _ = await fixture.advancing { await fixture.ask("f", ["x": 1]) }
      runs.append(record.take())
    }
    let late = ["before a@test", "after b@test"]
    let good = ["before b@test", "after b@test"]
    #expect(runs == [late, good, late, good] || runs == [good, late, good, late], "\(runs)")
  }
}
