import GenAPITelemetry
import GenAPITesting
import GenAPIValue
import Locking
import Testing

@testable import GenAPIGateway

@Suite("A program's own RemoteCaller that keeps no time")
struct KeptTimeoutTests {
  /// Never answers, whatever is cancelled.
  private final class Silent: RemoteCaller {
    private let waiting = Mutex<[CheckedContinuation<Void, Never>]>([])

    private func wait() async {
      await withCheckedContinuation { next in waiting.withLock { $0.append(next) } }
    }

    func end() { for one in waiting.withLock({ $0 }) { one.resume() } }

    func call(_ reference: FunctionReference, _ call: FunctionCall, on node: ByteText, timeout: Duration?)
      async throws(RemoteCallError) -> FunctionResult
    {
      await wait()
      return .ok("late")
    }

    func allows(_ callback: FunctionReference, _ request: Request, on node: ByteText, timeout: Duration?)
      async throws(RemoteCallError) -> Bool
    {
      await wait()
      return true
    }

    func before(
      _ hook: FunctionReference, _ request: Request, _ config: FunctionConfig, on node: ByteText,
      timeout: Duration?
    ) async throws(RemoteCallError) -> BeforeHookResult {
      await wait()
      return .proceed(request, config)
    }

    func after(
      _ hook: FunctionReference, _ request: Request, _ config: FunctionConfig, _ response: Response,
      on node: ByteText, timeout: Duration?
    ) async throws(RemoteCallError) -> Response {
      await wait()
      return response
    }

    func watch(_ watcher: @escaping @Sendable (NodeChange) -> Void) {}
  }

  /// Fails after ten seconds.
  private func soon(_ answer: borrowing Mutex<Response?>) async throws -> Response {
    for _ in 0..<1_000 {
      if let response = answer.withLock({ $0 }) { return response }
      try await Task.sleep(for: .milliseconds(10))
    }
    return try #require(nil as Response?, "it waits")
  }

  private enum Part: CaseIterable { case call, permission, before, after, list }

  @Test("holds no request longer than its timeout, in whatever it is asked", arguments: Part.allCases)
  private func held(_ part: Part) async throws {
    let remote = Silent()
    defer { remote.end() }
    let gateway = try Gateway(configuration: GatewayConfiguration(node: "test"), remote: remote)
    var config = FunctionConfig(
      service: "test", requestType: "who", nodes: .list(["a@test"]), timeout: .milliseconds(100),
      function: FunctionReference("Svc", "who"), hookTimeout: .milliseconds(100))
    switch part {
    case .call: break
    case .permission: config.permissionCallback = FunctionReference("Svc", "may")
    case .before: config.beforeExecute = FunctionReference("Svc", "before")
    case .after: config.afterExecute = FunctionReference("Svc", "after")
    case .list: config.nodes = .function(FunctionReference("Svc", "nodes"))
    }
    try gateway.configs.add(config)
    let request = Request(service: "test", requestType: "who", requestID: "r1", userID: "u1")
    let answer = Mutex<Response?>(nil)
    let task = Task {
      let response = await gateway.execute(request)
      answer.withLock { $0 = response }
    }
    defer { task.cancel() }
    let response = try await soon(answer)
    #expect(!response.success)
    if part == .call {
      #expect(gateway.currentState().series.first?.outcomes == ["timeout": 1])
    }
  }

  @Test("a request that is given up does not wait for it either")
  func cancelled() async throws {
    let remote = Silent()
    defer { remote.end() }
    let gateway = try Gateway(configuration: GatewayConfiguration(node: "test"), remote: remote)
    try gateway.configs.add(
      FunctionConfig(
        service: "test", requestType: "who", nodes: .list(["a@test"]), timeout: .seconds(100),
        function: FunctionReference("Svc", "who")))
    let answer = Mutex<Response?>(nil)
    let task = Task {
      let response = await gateway.execute(Request(service: "test", requestType: "who", requestID: "r1"))
      answer.withLock { $0 = response }
    }
    try await Task.sleep(for: .milliseconds(50))
    task.cancel()
    _ = try await soon(answer)
  }
}
