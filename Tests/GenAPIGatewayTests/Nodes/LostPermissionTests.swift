import GenAPITelemetry
import InMemoryLogging
import Logging
import Testing

@testable import GenAPIGateway

@Suite("A permission callback whose node goes")
struct LostPermissionTests {
  @Test(
    "reads unavailable and is counted so, as what could not be asked; one that fails or is late denies",
    arguments: [
      (.lost("the connection was lost to a@test"), true), (.unreachable("down"), true),
      (.raised("crash"), false),
      (.timeout(.seconds(1)), false),
    ] as [(RemoteCallError, Bool)], [ResponseType.sync, .async, .stream])
  func reads(_ error: (RemoteCallError, isUnavailable: Bool), _ type: ResponseType) async throws {
    let (gateway, lines) = try FailingCaller(error: error.0, answersCalls: true).gateway {
      $0.responseType = type
      $0.permissionCallback = FunctionReference("Svc", "may")
      $0.hookTimeoutMs = 1
    }
    // Nothing of the node, nor of what it was asked.
    #expect(
      await gateway.execute(FailingCaller.request)
        == (error.isUnavailable
          ? .error("r1", "Service temporarily unavailable", canRetry: true)
          : .error("r1", "Permission denied")))
    #expect(
      gateway.currentState().series.first?.outcomes
        == [error.isUnavailable ? "unavailable" : "permission_denied": 1])
    #expect(lines.entries.count { $0.level >= .error } == 1)
    guard case .lost = error.0 else { return }
    #expect(
      lines.entries.map { "\($0.message)" } == [
        "a permission callback was lost: its node went before the answer; the client may try again"
      ])
  }

  @Test(
    "of nodes that cannot be listed it was not asked either, and nobody said no",
    arguments: [ResponseType.sync, .async])
  func unlisted(_ type: ResponseType) async throws {
    let (gateway, lines) = try FailingCaller(error: .raised("crash"), answersCalls: true).gateway {
      $0.responseType = type
      $0.nodes = .function(FunctionReference("Svc", "nodes"))
      $0.permissionCallback = FunctionReference("Svc", "may")
    }
    #expect(
      await gateway.execute(FailingCaller.request)
        == .error("r1", "Service temporarily unavailable", canRetry: true))
    #expect(gateway.currentState().series.first?.outcomes == ["unavailable": 1])
    #expect(
      lines.entries.contains { "\($0.message)" == "a function was not called: its nodes could not be chosen" }
    )
  }
}
