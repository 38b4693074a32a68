import Foundation
import GenAPIGateway
import GenAPITelemetry
import GenAPIValue
import InMemoryLogging
import Locking
import Logging
import NIOPosix
import Testing

@testable import GenAPIServer

@Suite("Reading the configuration again")
struct ReloadTests {
  private static let base = """
    [auth]
    mode = "anonymous"
    [websocket]
    listen = "127.0.0.1:0"
    """

  private static func configuration(_ more: String) throws -> ServerConfiguration {
    try ServerConfiguration(toml: base + "\n" + more, file: "g.toml", environment: [:])
  }

  private static func function(_ type: String, timeout: Int = 5_000) -> String {
    "[[functions]]\nservice = \"s\"\nrequest_type = \"\(type)\"\nmfa = \"Builtin.time\"\ntimeout = \(timeout)\n"
  }

  @Test("functions, limits, level and error detail change at once; what needs a restart is named")
  func live() throws {
    let old = try Self.configuration(Self.function("kept") + Self.function("gone"))
    let log = ServerLog(.critical)
    let server = try GatewayServer(old, log: log)
    try server.gateway.configs.disable("s", "kept")
    let new = try Self.configuration(
      Self.function("kept", timeout: 1_000) + Self.function("new") + """
        [log]
        level = "critical"
        [gateway]
        detail_error = true
        [worker_pool]
        async_pool_size = 7
        [[rate_limiter.global_limits]]
        key = "user_id"
        max_requests = 5
        window_ms = 1000
        """)
    #expect(try server.reload(new, over: old) == ["worker_pool.async_pool_size"])
    #expect(server.gateway.configs.allFunctions["s"]?.keys.sorted() == ["kept", "new"])
    // What an operator switched off stays off.
    #expect(throws: ConfigStoreError.disabled) { try server.gateway.configs.get("s", "kept") }
    #expect(server.gateway.showsErrorDetail)
    #expect(server.gateway.rateLimiter.configuration.globalLimits.count == 1)
  }

  @Test(
    "a function that an operator deleted comes back by a change of it, and not by a reload for something else"
  )
  func deleted() throws {
    let old = try Self.configuration(Self.function("kept") + Self.function("taken"))
    let server = try GatewayServer(old, log: ServerLog(.critical))
    #expect(try server.gateway.configs.delete("s", "taken"))
    try server.reload(old, over: old)
    try server.reload(
      try Self.configuration(Self.function("kept", timeout: 700) + Self.function("taken")), over: old)
    #expect(server.gateway.configs.allFunctions["s"]?.keys.sorted() == ["kept"])
    let new = try Self.configuration(Self.function("kept") + Self.function("taken", timeout: 1_000))
    try server.reload(new, over: old)
    #expect(server.gateway.configs.allFunctions["s"]?.keys.sorted() == ["kept", "taken"])
    // From then on it is like any other.
    #expect(server.gateway.configs.dropOwn(try #require(new.functions.last)))
    try server.reload(new, over: new)
    #expect(server.gateway.configs.allFunctions["s"]?.keys.sorted() == ["kept", "taken"])
  }

  @Test("a function that an operator deleted comes back when the file has it again after it did not")
  func writtenAgain() throws {
    let old = try Self.configuration(Self.function("kept") + Self.function("taken"))
    let without = try Self.configuration(Self.function("kept"))
    let server = try GatewayServer(old, log: ServerLog(.critical))
    #expect(try server.gateway.configs.delete("s", "taken"))
    try server.reload(without, over: old)
    try server.reload(old, over: without)
    #expect(server.gateway.configs.allFunctions["s"]?.keys.sorted() == ["kept", "taken"])
  }

  @Test("what an operator had deleted is not told as gone when the file has it no more")
  func notGoneAgain() throws {
    let lines = InMemoryLogHandler()
    let old = try Self.configuration(
      Self.function("kept") + Self.function("taken") + Self.function("dropped"))
    let log = ServerLog(.critical)
    let server = try GatewayServer(old, log: log)
    #expect(try server.gateway.configs.delete("s", "taken"))
    Reloading(
      server: server, authenticator: server.authenticator, log: log,
      logger: Logger(label: "test") { _ in lines }
    ).apply(try Self.configuration(Self.function("kept")), over: old)
    let gone = lines.entries.filter { "\($0.message)" == "functions of the configuration are gone" }
    #expect(gone.map { $0.metadata["names"] } == ["s/dropped"])
    #expect(gone.map { $0.metadata["functions"] } == ["1"])
  }

  @Test("a reload that failed is told in the health, with when and its first fault, until one is good again")
  func health() throws {
    let time = Mutex(1_000.0)
    let log = ReloadLog(certificates: []) { time.withLock { $0 } }
    #expect(log.check.status == .ok && log.check.detail.contains("1970-01-01T00:16:40Z"), "\(log.check)")
    time.withLock { $0 = 2_000 }
    do {
      _ = try Self.configuration("[log]\nlevel = \"loud\"\nformat = 7")
      Issue.record("it was read")
    } catch {
      log.failed(error)
    }
    let failed = log.check
    #expect(failed.status == .degraded && failed.name == "configuration")
    for part in [
      "1970-01-01T00:33:20Z, failed: g.toml:6: log.level: must be one of", "; g.toml:7: log.format: must be",
      "what was read at 1970-01-01T00:16:40Z",
    ] { #expect(failed.detail.contains(part), "\(failed.detail)") }
    #expect(!log.state.isLastGood && log.state.failed == 1)
    // Half in force is no success either, and a fault of any length is a line of bounded length.
    log.applied([], faults: [String(repeating: "x\n", count: 10_000)])
    #expect(log.check.status == .degraded && log.check.detail.utf8.count < 2_000)
    #expect(!log.check.detail.contains("\n") && log.state.failed == 2)
    time.withLock { $0 = 3_000 }
    log.applied([], faults: [])
    #expect(log.check.status == .ok && log.check.detail.contains("last reload, 1970-01-01T00:50:00Z"))
    #expect(log.state.isLastGood && log.state.succeeded == 1)
  }

  @Test("a certificate that has expired, or will within a week, is degraded in the health")
  func certificates() {
    let time = Mutex(0.0)
    func check(_ certificates: [CertificateUse]) -> HealthCheck? {
      ReloadLog(certificates: certificates) { time.withLock { $0 } }.certificateCheck
    }
    #expect(check([]) == nil && check([CertificateUse(use: "cluster", path: "c", expiresAt: nil)]) == nil)
    let own = CertificateUse(use: "websocket", path: "c.pem", expiresAt: 8 * 86_400)
    #expect(check([own])?.status == .ok)
    time.withLock { $0 = 86_401 }
    #expect(check([own])?.detail == "c.pem (websocket) expires at 1970-01-09T00:00:00Z")
    time.withLock { $0 = 8 * 86_400 }
    #expect(check([own])?.status == .degraded)
    #expect(check([own])?.detail == "c.pem (websocket) has expired at 1970-01-09T00:00:00Z")
  }

  @Test("ctl status says what /healthz says: the configuration and the readiness, too")
  func oneListOfChecks() async throws {
    let server = try GatewayServer(try Self.configuration(""), log: ServerLog(.critical))
    let health = server.gateway.health()
    #expect(health["readiness"]?.status == .error && health["configuration"]?.status == .ok)
    server.reloads.failed(
      ConfigurationFaultList(faults: [ConfigurationFault(source: "g.toml", reason: "no")]))
    let text = server.gateway.reports.health()
    #expect(
      text.contains("configuration") && text.contains("g.toml: no")
        && text.contains("the gateway is starting"))
  }

  @Test("a reload that takes long is told in the health while it is under way")
  func reading() {
    let time = Mutex(1_000.0)
    let log = ReloadLog(certificates: []) { time.withLock { $0 } }
    time.withLock { $0 = 2_000 }
    log.begins()
    #expect(
      log.check.status == .ok && log.check.detail.contains("being read again since 1970-01-01T00:33:20Z"))
    log.failed(ConfigurationFaultList(faults: [ConfigurationFault(source: "g.toml", reason: "no")]))
    #expect(!log.check.detail.contains("being read again"))
    log.begins()
    #expect(log.check.status == .degraded && log.check.detail.contains("being read again since"))
    log.applied([], faults: [])
    #expect(log.check.status == .ok && !log.check.detail.contains("being read again"))
  }

  @Test(
    "one that a service pushes stays when the file drops its own, and a deleted one of the file makes room for it"
  )
  func ownFunctions() throws {
    let file = try Self.configuration(Self.function("kept") + Self.function("gone"))
    let server = try GatewayServer(file, log: ServerLog(.critical))
    let pushed = ["kept", "gone"].map {
      FunctionConfig(
        service: "s", requestType: $0, nodes: .list(["a@test"]), function: FunctionReference("S", "f"))
    }
    try server.gateway.receiver.push(
      PushConfig(service: "s", nodes: ["a@test"], configVersion: "1", functions: pushed))
    #expect(server.gateway.configs.configs().allSatisfy { $0.function.module == "Builtin" })
    let new = try Self.configuration(Self.function("kept"))
    try server.reload(new, over: file)
    #expect(try server.gateway.configs.get("s", "kept").function.module == "Builtin")
    #expect(try server.gateway.configs.get("s", "gone").function.module == "S")
    // Deleted by hand is not replaced by hand: a service may bring it.
    try server.gateway.configs.delete("s", "kept")
    try server.reload(new, over: new)
    #expect(throws: ConfigStoreError.self) { try server.gateway.configs.get("s", "kept") }
    try server.gateway.receiver.push(
      PushConfig(service: "s", nodes: ["a@test"], configVersion: "2", functions: pushed))
    try server.reload(new, over: new)
    #expect(try server.gateway.configs.get("s", "kept").function.module == "S")
  }

  @Test(
    "every value that changed is named: what a secret's file holds, services to pull, roles of nodes, limits")
  func everyValue() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("genapi-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func read(_ secret: String, roles: String, function: String, most: Int, relay: Int) throws
      -> ServerConfiguration
    {
      try secret.write(to: folder.appendingPathComponent("token"), atomically: true, encoding: .utf8)
      return try ServerConfiguration(
        toml: """
          [auth]
          mode = "anonymous"
          [websocket]
          listen = "127.0.0.1:0"
          [telemetry]
          token_file = "token"
          [relay]
          max_groups = \(relay)
          [cluster]
          name = "gw@127.0.0.1"
          cookie = "c"
          [[cluster.nodes]]
          name = "a@127.0.0.1"
          roles = ["\(roles)"]
          [[pull.services]]
          service = "s"
          nodes = ["a@127.0.0.1"]
          module = "M"
          function = "\(function)"
          [[rate_limiter.global_limits]]
          key = "user_id"
          max_requests = \(most)
          window_ms = 1000
          """, file: folder.appendingPathComponent("g.toml").path, environment: [:])
    }
    func base(_ secret: String = "sixteen bytes or more") throws -> ServerConfiguration {
      try read(secret, roles: "r", function: "f", most: 5, relay: 7)
    }
    let server = try GatewayServer(try base(), log: ServerLog(.critical))
    let same = try base()
    #expect(try server.reload(same, over: try base()).isEmpty)
    #expect(try server.reload(try base("another token of 16"), over: same).isEmpty)
    let old = try base()
    #expect(
      try server.reload(
        read("sixteen bytes or more", roles: "x", function: "f", most: 5, relay: 7), over: old)
        == ["cluster.nodes"])
    #expect(
      try server.reload(
        read("sixteen bytes or more", roles: "r", function: "g", most: 5, relay: 7), over: old)
        == ["pull.services"])
    #expect(
      try server.reload(
        read("sixteen bytes or more", roles: "r", function: "f", most: 6, relay: 8), over: old)
        == ["relay.max_groups"])
    #expect(server.gateway.rateLimiter.configuration.globalLimits.map(\.maxRequests) == [6])
  }

  @Test(
    "what no start would survive is no reload either: nothing of it is taken, whatever else the file says")
  func startChecks() throws {
    let old = try Self.configuration(Self.function("kept"))
    let server = try GatewayServer(old, log: ServerLog(.critical))
    // Each is read without a fault, and only the parts themselves refuse it.
    for wrong in [
      "[gateway]\nmax_functions = 1\n" + Self.function("kept") + Self.function("new"),
      "[cluster]\nname = \"gw@127.0.0.1\"\ncookie = \"c\"\nseeds_dns = [\"gw@\"]\n",
    ] {
      guard let new = try? Self.configuration("[log]\nlevel = \"critical\"\n" + wrong) else { continue }
      #expect(throws: (any Error).self) { try GatewayServer(new, log: ServerLog(.critical)) }
      #expect(throws: (any Error).self, "\(wrong)") { try server.reload(new, over: old) }
    }
    var path = try Self.configuration(Self.function("new"))
    path.websocket.path = "/socket?x"
    #expect(throws: (any Error).self) { try server.reload(path, over: old) }
    #expect(server.gateway.configs.allFunctions["s"]?.keys.sorted() == ["kept"])
  }

  @Test("an empty file in place of one with settings is a fault and no good reload")
  func emptied() throws {
    let old = try Self.configuration(Self.function("kept"))
    let server = try GatewayServer(old, log: ServerLog(.critical))
    for text in ["", "\n", "# nothing\n"] {
      let empty = try ServerConfiguration(
        toml: text, file: "g.toml", environment: ["GENAPI_AUTH_SECRET": "sixteen bytes or more"])
      #expect(throws: ConfigurationFaultList.self) { try server.reload(empty, over: old) }
    }
    #expect(server.gateway.configs.allFunctions["s"] != nil)
    // One that was started without a file's settings goes on without.
    let bare = try ServerConfiguration(
      toml: "", file: "g.toml", environment: ["GENAPI_AUTH_SECRET": "sixteen bytes or more"])
    #expect(try GatewayServer(bare, log: ServerLog(.critical)).reload(bare, over: bare).isEmpty)
  }

  @Test(
    "half a file is none: a reload that takes away all that the gateway serves is a fault with how many; others stay"
  )
  func withoutFunctions() throws {
    let old = try Self.configuration(Self.function("one") + Self.function("two"))
    let log = ServerLog(.critical)
    let server = try GatewayServer(old, log: log)
    let half = try Self.configuration("")
    let error = #expect(throws: ConfigurationFaultList.self) { try server.reload(half, over: old) }
    #expect(
      error?.description
        == "g.toml: has none of the 2 functions that it had before, and this gateway knows no others: write one, or "
        + "start anew")
    #expect(server.gateway.configs.count == 2)
    // What services bring is something to serve, whether it has another name or stands behind one of the file.
    for (type, left) in [("other", ["other"]), ("two", ["two"])] {
      let server = try GatewayServer(old, log: log)
      try server.gateway.receiver.push(
        PushConfig(
          service: "s", nodes: ["a@test"], configVersion: "1",
          functions: [
            FunctionConfig(
              service: "s", requestType: ByteText(type), nodes: .list(["a@test"]),
              function: FunctionReference("S", "f"))
          ]))
      #expect(try server.reload(half, over: old).isEmpty)
      #expect(server.gateway.configs.allFunctions["s"]?.keys.map(\.string) == left)
    }
  }

  @Test(
    "a place where the next start could not listen is a fault of the reload, with its line; what it has is none"
  )
  func listenTrial() async throws {
    let taken = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .bind(host: "127.0.0.1", port: 0).get()
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("genapi-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try "x".write(to: folder.appendingPathComponent("file"), atomically: true, encoding: .utf8)
    let port = try #require(taken.localAddress?.port)
    func read(_ listen: String, _ more: String = "") throws -> ServerConfiguration {
      try ServerConfiguration(
        toml: "auth.mode = \"anonymous\"\nwebsocket.listen = \"\(listen)\"\n" + more
          + "telemetry.token = \"0123456789abcdef\"\n", file: "g.toml", environment: [:])
    }
    let old = try read("127.0.0.1:0", "telemetry.listen = \"127.0.0.1:0\"\n")
    let server = try GatewayServer(old, log: ServerLog(.critical))
    try await server.start()
    let own = try #require(server.exporter.boundAddress?.port)
    for (new, fault) in [
      (
        try read("127.0.0.1:\(port)"),
        "2: websocket.listen: the next start could not listen on 127.0.0.1:\(port): the address is in use"
      ),
      (
        try read("203.0.113.7:4700"),
        "2: websocket.listen: the next start could not listen on 203.0.113.7:4700: this machine has no such address"
      ),
      (
        try read("127.0.0.1:0", "health.listen = \"127.0.0.1:\(port)\"\n"),
        "3: health.listen: the next start could not listen on 127.0.0.1:\(port): the address is in use"
      ),
      (
        try read("127.0.0.1:0", "telemetry.listen = \"unix:/nowhere/at/all\"\n"),
        "3: telemetry.listen: the next start could not listen on unix:/nowhere/at/all: there is no such folder"
      ),
      (
        try read("127.0.0.1:0", "health.socket = \"\(folder.path)/file\"\n"),
        "3: health.socket: the next start could not listen on unix:\(folder.path)/file: there is a file at that path, and it is no socket"
      ),
    ] {
      let error = #expect(throws: ConfigurationFaultList.self) { try server.reload(new, over: old) }
      #expect(error?.faults.map(\.description) == ["g.toml:" + fault])
    }
    // Two listeners may change places, and a free place waits for the restart as before.
    #expect(
      try server.reload(try read("127.0.0.1:\(own)", "telemetry.listen = \"127.0.0.1:0\"\n"), over: old)
        == ["websocket.listen"])
    #expect(
      try server.reload(try read("127.0.0.1:0", "health.socket = \"\(folder.path)/new\"\n"), over: old)
        == ["telemetry.listen", "health.socket"])
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/new"))
    await server.stop()
    try await taken.close()
  }

  @Test(
    "a secret whose link leads nowhere is a fault that names it, and everything stays as it was, until it leads somewhere"
  )
  func danglingSecret() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("genapi-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func at(_ name: String) -> String { folder.appendingPathComponent(name).path }
    func link(_ target: String) throws {
      try? FileManager.default.removeItem(atPath: at("secret"))
      try FileManager.default.createSymbolicLink(atPath: at("secret"), withDestinationPath: target)
    }
    func read(_ more: String) throws -> ServerConfiguration {
      try ServerConfiguration(
        toml: "websocket.listen = \"127.0.0.1:0\"\nauth.secret_file = \"secret\"\n" + more,
        file: at("g.toml"),
        environment: [:])
    }
    try "the old secret, long enough".write(toFile: at("old"), atomically: true, encoding: .utf8)
    try "the new secret, long enough".write(toFile: at("new"), atomically: true, encoding: .utf8)
    try link("old")
    let old = try read(Self.function("f"))
    let server = try GatewayServer(old, log: ServerLog(.critical))
    #expect(old.contents[at("secret")] == FileWatch.content(of: "the old secret, long enough"))
    try link("nowhere")
    let error = #expect(throws: ConfigurationFaultList.self) {
      try server.reload(
        try read(Self.function("f", timeout: 1_000) + "[log]\nlevel = \"critical\"\n"), over: old)
    }
    #expect(
      error?.description.contains("auth.secret_file: \"secret\"") == true, "\(String(describing: error))")
    #expect(try server.gateway.configs.get("s", "f").timeout == .seconds(5))
    try link("new")
    #expect(try server.reload(try read(Self.function("f", timeout: 1_000)), over: old).isEmpty)
    #expect(try server.gateway.configs.get("s", "f").timeout == .seconds(1))
  }

  @Test("what waits for a restart is told at every reload until it is in force, and is a metric")
  func waiting() throws {
    func read(_ pool: Int, _ level: String) throws -> ServerConfiguration {
      try Self.configuration("[worker_pool]\nasync_pool_size = \(pool)\n[log]\nlevel = \"\(level)\"")
    }
    let start = try read(5, "critical")
    let server = try GatewayServer(start, log: ServerLog(.critical))
    func metric() -> Bool {
      var state = ServerState()
      state.reloads = server.reloads.state
      return MetricsText.make(GatewayState(), server: state, .prometheus).contains(
        "\ngenapi_config_restart_needed 1\n")
    }
    #expect(!metric())
    let changed = try read(7, "critical")
    #expect(try server.reload(changed, over: start) == ["worker_pool.async_pool_size"])
    #expect(metric())
    // The second reads the same file, or one in which something else has changed.
    for level in ["critical", "error"] {
      let again = try read(7, level)
      #expect(try server.reload(again, over: changed) == ["worker_pool.async_pool_size"])
      #expect(
        metric() && server.reloads.check.detail.contains("waits for a restart: worker_pool.async_pool_size"))
    }
    // As it was at the start: nothing waits.
    #expect(try server.reload(try read(5, "error"), over: changed).isEmpty)
    #expect(!metric() && !server.reloads.check.detail.contains("restart"))
  }

  @Test("what a reload makes to look at it is gone when it is done")
  func trial() throws {
    weak var gateway: Gateway?
    do {
      let server = try GatewayServer(
        try Self.configuration("[cluster]\nname = \"gw@127.0.0.1\"\ncookie = \"c\"\n" + Self.function("f")),
        log: ServerLog(.critical), isTrial: true)
      gateway = server.gateway
    }
    #expect(gateway == nil)
  }

  @Test("a limit whose maximum or window changes in the file keeps its counts: a reload is no new allowance")
  func limits() async throws {
    func read(_ most: Int, window: Int = 600_000) throws -> ServerConfiguration {
      try Self.configuration(
        Self.function("f")
          + "[[rate_limiter.global_limits]]\nkey = \"user_id\"\nmax_requests = \(most)\nwindow_ms = \(window)\n"
      )
    }
    let old = try read(3)
    let server = try GatewayServer(old, log: ServerLog(.critical))
    let request = Request(service: "s", requestType: "f", requestID: "1", userID: "u")
    for _ in 0..<3 { #expect(await server.gateway.execute(request)?.success == true) }
    try server.reload(try read(4), over: old)
    #expect(await server.gateway.execute(request)?.success == true)
    #expect(await server.gateway.execute(request)?.success == false)
    for window in [900_000, 300_000] {
      try server.reload(try read(4, window: window), over: old)
      #expect(await server.gateway.execute(request)?.success == false, "\(window)")
    }
  }

  @Test(
    "secrets, tokens and cookies of the files are in force at once; what they replace must have been there at the start"
  )
  func secrets() async throws {
    func read(_ more: String) throws -> ServerConfiguration {
      try ServerConfiguration(
        toml: "[websocket]\nlisten = \"127.0.0.1:0\"\n[telemetry]\nlisten = [\"127.0.0.1:0\"]\n" + more,
        file: "g.toml", environment: [:])
    }
    let old = try read("[auth]\nsecret = \"the old secret, long enough\"\n[gateway]\npush_token = \"old\"")
    let server = try GatewayServer(old, log: ServerLog(.critical))
    let new = try read(
      "[auth]\nsecret = \"the new secret, long enough\"\nissuer = \"me\"\n[gateway]\npush_token = \"new\"")
    #expect(try server.reload(new, over: old).isEmpty)
    let push = PushConfig(
      service: "s", nodes: ["a@test"], configVersion: "1",
      functions: [FunctionConfig(service: "s", requestType: "f", function: FunctionReference("S", "f"))])
    for (token, isGood) in [("old", false), ("new", true)] {
      var push = push
      push.token = ByteText(token)
      #expect((try? server.gateway.receiver.push(push)) != nil || !isGood)
      if !isGood { #expect(throws: PushError.self) { try server.gateway.receiver.push(push) } }
    }
    // A mode, and a token where there was none, change the door itself.
    let other = try read(
      "token = \"0123456789abcdef\"\n[auth]\nmode = \"phoenix_token\"\nsecret = \"the new secret, long enough\""
    )
    #expect(
      try Set(server.reload(other, over: new)).isSuperset(of: ["auth.mode", "telemetry.token"]))
  }

  @Test("several secrets of files are good at one time, and each must be one")
  func severalSecrets() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("genapi-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func read(_ names: [String], environment: [String: String] = [:]) throws -> ServerConfiguration {
      let list = names.map { "\"\($0)\"" }.joined(separator: ", ")
      return try ServerConfiguration(
        toml: "auth.secret_files = [\(list)]\ntelemetry.token_files = [\(list)]",
        file: folder.appendingPathComponent("g.toml").path, environment: environment)
    }
    for name in ["old", "new"] {
      try "the \(name) secret, long enough\n".write(
        to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
    }
    try "short".write(to: folder.appendingPathComponent("short"), atomically: true, encoding: .utf8)
    let both = try read(["new", "old"])
    #expect(both.telemetry.token == "the new secret, long enough")
    #expect(both.telemetry.otherTokens == ["the old secret, long enough"])
    #expect(both.secretFiles == Set(["new", "old"].map { folder.appendingPathComponent($0).path }))
    // One line, with an end of it or not; more are two secrets, or another file.
    for (name, content) in [
      ("two", "the first secret, long enough\nthe second, long enough\n"), ("empty", "\n"),
      ("dos", "the first secret, long enough\r\nthe second, long enough"),
    ] {
      try content.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
      let error = #expect(throws: ConfigurationFaultList.self) { try read([name]) }
      #expect(
        error?.faults.contains { $0.reason.contains("\"\(name)\"") } == true, "\(String(describing: error))"
      )
    }
    for end in ["", "\n", "\r\n", "\n\n"] {
      // Some editors begin a file with a mark of its byte order.
      try ("\u{FEFF}the new secret, long enough" + end).write(
        to: folder.appendingPathComponent("new"), atomically: true, encoding: .utf8)
      #expect(try read(["new", "old"]).telemetry.token == "the new secret, long enough")
    }
    for names in [["new", "short"], ["gone"], [], Array(repeating: "new", count: 9)] {
      #expect(throws: ConfigurationFaultList.self, "\(names)") { try read(names) }
    }
    // What systemd passes to the service, where nothing else is named.
    try "from systemd, long enough".write(
      to: folder.appendingPathComponent("genapi.auth_secret"), atomically: true, encoding: .utf8)
    let passed = try ServerConfiguration(
      toml: "", file: folder.appendingPathComponent("g.toml").path,
      environment: ["CREDENTIALS_DIRECTORY": folder.path])
    #expect(passed.secretFiles == [folder.appendingPathComponent("genapi.auth_secret").path])
  }

  @Test("a logger follows the level, whenever it was made")
  func level() {
    let log = ServerLog(.error)
    let logger = log.logger(label: "test")
    #expect(logger.logLevel == .error)
    log.level = .debug
    #expect(logger.logLevel == .debug)
  }
}
