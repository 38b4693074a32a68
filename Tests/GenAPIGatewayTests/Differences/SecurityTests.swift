import GenAPITelemetry
import GenAPIValue
import InMemoryLogging
import Logging
import Testing

@testable import GenAPIGateway

/// `docs/differences.md` tells which test holds which of them; many are in the suites of their subject.
@Suite("Differences from PhoenixGenApi: security")
struct SecurityTests {
  @Test("a permission callback of a form that is not known is refused at registration (W-02)")
  func callbackForm() {
    for form in ["Module", ["Module", "function"], 7, true, ["function": 7]] as [Value] {
      var value = FunctionConfig(service: "s", requestType: "t", function: FunctionReference("M", "f")).value
      guard case .object(var object) = value else { return }
      object["permission_callback"] = form
      value = .object(object)
      #expect(throws: ConfigFaults.self) { try FunctionConfig(value) }
    }
  }

  @Test("a permission callback that is not there denies, whatever check_permission says (W-02)")
  func missingCallback() async throws {
    let fixture = try GatewayFixture()
    try fixture.add {
      $0.permission = .open
      $0.permissionCallback = FunctionReference("Test", "nowhere")
    }
    #expect(await fixture.gateway.execute(fixture.request())?.error == "Permission denied")
  }

  @Test("a before hook runs before permission and limit, as documented; both can be done in it (W-45, W-44)")
  func order() async throws {
    let fixture = try GatewayFixture {
      $0.rateLimiter.globalLimits = [.global(key: "user_id", maxRequests: 1, window: .seconds(60))]
    }
    fixture.gateway.functions.registerBeforeHook("Test.before") { request, config, _ in
      request.userID == nil ? .abort("log in first") : .proceed(request, config)
    }
    try fixture.add {
      $0.beforeExecute = FunctionReference("Test", "before")
      $0.permission = .anyAuthenticated
    }
    var anonymous = fixture.request()
    anonymous.userID = nil
    #expect(await fixture.gateway.execute(anonymous)?.error == "hook rejected: log in first")
    _ = fixture.events()
    #expect(await fixture.gateway.execute(fixture.request())?.success == true)
    #expect(
      fixture.names() == [
        "executor.request.start", "hook.before.start", "hook.before.stop", "rate_limiter.check",
        "executor.request.stop",
      ])
  }

  @Test("no token, argument or result is ever logged, at the most talkative level too (W-55)")
  func secrets() async throws {
    let handler = InMemoryLogHandler()
    let fixture = try GatewayFixture {
      $0.logger = Logger(label: "test") { _ in handler }
      $0.logger.logLevel = .trace
      $0.pushToken = "token-in-force"
      $0.adminActions = [.pushConfig]
      $0.pull.services = [
        PullSource(
          service: "s", nodes: .list(["a@test"]),
          function: FunctionReference("S", "configs", ["pull-argument"]))
      ]
    }
    try fixture.gateway.bus.attachDefaultLogger(logger: fixture.gateway.configuration.logger)
    try fixture.add { $0.arguments = ["a": ArgumentSpec(.string)] }
    _ = await fixture.gateway.execute(fixture.request("echo", ["a": "argument-value"]))
    _ = await fixture.gateway.handle(
      Array(#"{"request_id": "1", "request_type": 7, "args": {"a": "payload-value"}}"#.utf8),
      from: ClientIdentity(userID: "u1"), on: fixture.connect())
    let config = FunctionConfig(
      service: "s", requestType: "t", function: FunctionReference("S", "t", ["config-argument"]))
    for token in ["token-in-force", "token-rejected"] {
      let push = PushConfig(
        service: "s", nodes: ["a@test"], configVersion: "1", functions: [config], token: ByteText(token))
      _ = try? fixture.gateway.receiver.push(push)
      _ = try? fixture.gateway.admin(as: "test").pushConfig(push)
    }
    await fixture.gateway.puller.pull("s")
    let log = handler.entries.map { "\($0)" }.joined(separator: "\n")
    #expect(log.contains("a pull failed") && log.contains("admin action allowed"))
    for secret in [
      "token-in-force", "token-rejected", "argument-value", "payload-value", "config-argument",
      "pull-argument",
    ] {
      #expect(!log.contains(secret), "\(secret)")
    }
  }

  @Test("with detail_error off, no error text tells an internal reason (W-05, W-25)")
  func leaks() async throws {
    for shows in [false, true] {
      let fixture = try GatewayFixture { $0.showsErrorDetail = shows }
      let secret = "password=hunter2 at db.internal"
      try fixture.add("throws") { _ in throw FunctionError(ByteText(secret)) }
      try fixture.add("errors") { _ in .error(FunctionError(ByteText(secret))) }
      try fixture.add("crashes") { _ in throw CancellationError() }
      try fixture.add("far") { $0.nodes = .list(["a@test"]) }
      fixture.nodes["a@test"]?.register("Test.far") { _ in throw FunctionError(ByteText(secret)) }
      try fixture.add("nowhere") { $0.nodes = .list(["db.internal@host"]) }
      try fixture.add("listless") { $0.nodes = .function(FunctionReference("Secret", "nodes")) }
      for type in ["throws", "errors", "crashes", "far", "nowhere", "listless"] {
        let error = await fixture.gateway.execute(fixture.request(ByteText(type)))?.error ?? ""
        let text: ByteText = type == "nowhere" ? "Service temporarily unavailable" : "Internal Server Error"
        #expect(error.hasPrefix(text), "\(type)")
        #expect((error == text) == !shows, "\(type): \(error)")
      }
    }
  }

  @Test("an anonymous connection has no user id, whatever it claims (W-47)")
  func anonymous() async throws {
    let fixture = try GatewayFixture()
    try fixture.add("mine") { $0.permission = .anyAuthenticated }
    let connection = fixture.connect(ClientIdentity())
    _ = await fixture.gateway.handle(
      [
        "service": "test", "request_type": "mine", "request_id": "1", "user_id": "admin",
        "user_roles": ["admin"],
      ],
      from: ClientIdentity(), on: connection)
    #expect(connection.responses.map(\.error) == ["Permission denied"])
  }
}
