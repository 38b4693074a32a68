import GenAPITelemetry
import GenAPIValue
import Testing

@testable import GenAPIGateway

@Suite("Hooks")
struct HookTests {
  private func fixture() throws -> GatewayFixture {
    let fixture = try GatewayFixture()
    try fixture.add("echo") {
      $0.arguments = ["m": ArgumentSpec(.string)]
      $0.beforeExecute = FunctionReference("Hooks", "before")
      $0.afterExecute = FunctionReference("Hooks", "after")
      $0.hookTimeout = .milliseconds(100)
    }
    fixture.gateway.functions.registerBeforeHook("Hooks.before") { request, config, _ in
      .proceed(request, config)
    }
    fixture.gateway.functions.registerAfterHook("Hooks.after") { _, _, response, _ in response }
    _ = fixture.events()
    return fixture
  }

  @Test("a before hook may change the request")
  func change() async throws {
    let fixture = try fixture()
    fixture.gateway.functions.registerBeforeHook("Hooks.before") { request, config, _ in
      var request = request
      request.args["m"] = "changed"
      return .proceed(request, config)
    }
    #expect(
      await fixture.gateway.execute(fixture.request("echo", ["m": "x"])) == .sync("r1", ["changed"]))
  }

  @Test("an aborting before hook is told to the client, and the after hook still runs")
  func abort() async throws {
    let fixture = try fixture()
    fixture.gateway.functions.registerBeforeHook("Hooks.before") { _, _, _ in .abort("quota") }
    #expect(
      await fixture.gateway.execute(fixture.request("echo", ["m": "x"]))
        == .error("r1", "hook rejected: quota"))
    #expect(
      fixture.names() == [
        "executor.request.start", "hook.before.start", "hook.before.stop", "hook.after.start",
        "hook.after.stop", "executor.request.stop",
      ])
  }

  @Test("what a hook rejects with is one line of 1 kB at most, and no colon follows where it says nothing")
  func abortText() async throws {
    for (reason, text) in [
      ("", "hook rejected"), ("a\nb\u{1b}[31m", "hook rejected: a\u{240A}b\u{241B}[31m"),
      (String(repeating: "x", count: 100_000), nil),
    ] as [(String, ByteText?)] {
      let fixture = try GatewayFixture()
      fixture.gateway.functions.registerBeforeHook("Hooks.before") { _, _, _ in .abort(ByteText(reason)) }
      try fixture.add { $0.beforeExecute = FunctionReference("Hooks", "before") }
      let error = await fixture.gateway.execute(fixture.request())?.error
      if let text { #expect(error == text) }
      #expect((error?.byteCount ?? .max) <= 1_024 + 64)
    }
  }

  @Test("a before hook that takes longer than its own timeout aborts (W-17)")
  func timeout() async throws {
    let fixture = try fixture()
    fixture.gateway.functions.registerBeforeHook("Hooks.before") {
      [clock = fixture.clock] request, config, _ in
      try await clock.sleep(milliseconds: 1_000)
      return .proceed(request, config)
    }
    let response = await fixture.advancing {
      await fixture.gateway.execute(fixture.request("echo", ["m": "x"]))
    }
    #expect(response == .error("r1", "hook rejected: hook timed out after 100ms"))
    #expect(fixture.names().contains("hook.before.exception"))
  }

  @Test("an after hook changes the response (W-17)")
  func after() async throws {
    let fixture = try fixture()
    fixture.gateway.functions.registerAfterHook("Hooks.after") { _, _, response, _ in
      var response = response
      response.result = "changed"
      return response
    }
    #expect(
      await fixture.gateway.execute(fixture.request("echo", ["m": "x"])) == .sync("r1", "changed"))
  }

  @Test("an after hook that throws changes nothing, and is counted")
  func afterThrows() async throws {
    let fixture = try fixture()
    fixture.gateway.functions.registerAfterHook("Hooks.after") { _, _, _, _ in throw FunctionError("no") }
    #expect(
      await fixture.gateway.execute(fixture.request("echo", ["m": "x"])) == .sync("r1", ["x"]))
    #expect(fixture.names().contains("hook.after.exception"))
    let hook = fixture.gateway.currentState().hooks.first { $0.phase == "after" }
    #expect(hook?.runs == 1)
    #expect(hook?.failures == 1)
  }
}
