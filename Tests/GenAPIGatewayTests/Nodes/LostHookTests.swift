import InMemoryLogging
import Logging
import Testing

@testable import GenAPIGateway

@Suite("A before hook whose node goes")
struct LostHookTests {
  @Test(
    "reads as a call whose node goes, and may be asked for again only where nothing ran",
    arguments: [true, false], [true, false])
  func reads(_ isHook: Bool, _ isLost: Bool) async throws {
    let error: RemoteCallError = isLost ? .lost("the connection was lost") : .unreachable("is gone")
    let (gateway, lines) = try FailingCaller(error: error).gateway {
      if isHook { $0.beforeExecute = FunctionReference("Svc", "before") }
    }
    #expect(
      await gateway.execute(FailingCaller.request)
        == (isLost
          ? .error("r1", "Service was lost before the answer; it may have been done")
          : .error("r1", "Service temporarily unavailable", canRetry: true)))
    guard isHook, isLost else { return }
    #expect(
      lines.entries.contains {
        "\($0.message)" == "a before hook was lost: its node went before the answer; the request is refused"
      })
  }
}
