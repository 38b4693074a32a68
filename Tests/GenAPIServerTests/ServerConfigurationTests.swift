import Foundation
import GenAPIChannels
import GenAPIGateway
import GenAPITokens
import GenAPIValue
import Testing

@testable import GenAPIServer

@Suite("The server's configuration file")
struct ServerConfigurationTests {
  private func read(_ toml: String, _ environment: [String: String] = [:]) throws -> ServerConfiguration {
    try ServerConfiguration(toml: toml, file: "gateway.toml", environment: environment)
  }

  private func faults(_ toml: String, _ environment: [String: String] = [:]) -> [String] {
    do {
      _ = try read(toml, environment)
      return []
    } catch let error as ConfigurationFaultList {
      return error.faults.map(\.description)
    } catch {
      return ["\(error)"]
    }
  }

  private static let anonymous = "[auth]\nmode = \"anonymous\"\n"

  @Test("the example is right, and serves what the README shows")
  func example() throws {
    let file = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../examples/gateway.toml")
      .standardized
    let read = try ServerConfiguration(
      toml: String(contentsOf: file, encoding: .utf8), file: file.path, environment: [:])
    #expect(read.websocket.port == 4_700 && read.websocket.channels.event == "phoenix_gen_api")
    #expect(read.telemetry.addresses.map(\.description) == ["127.0.0.1:4710"])
    #expect(!read.websocket.channels.requiresVerifiedUserID)
    for type in ["echo", "add", "slow", "stream", "fail", "relay_msg"] {
      #expect(read.functions.contains { $0.service == "demo" && $0.requestType == ByteText(type) }, "\(type)")
    }
    let server = try GatewayServer(read, log: ServerLog(.critical))
    for config in read.functions { #expect(server.gateway.functions.function(config.function) != nil) }
  }

  @Test("what is left out has the documented default")
  func defaults() throws {
    let read = try read("[auth]\nsecret = \"0123456789abcdef\"")
    #expect(read.websocket.host == "127.0.0.1" && read.websocket.channels.event == "phoenix_gen_api")
    #expect(read.authentication == .jwt && read.websocket.channels.requiresVerifiedUserID)
    #expect(read.gateway.rateLimiter == RateLimiterConfiguration())
    #expect(read.gateway.asyncPool == WorkerPoolConfiguration(workers: 1_000))
  }

  @Test("every fault is told at once, with line, key, value and what is allowed")
  func everyFault() {
    let found = faults(
      """
      [log]
      level = "loud"

      [websocket]
      listen = "4700"
      max_in_flight = 0
      colour = "red"

      [auth]
      mode = "anonymous"
      require_verified_user_id = true

      [[rate_limiter.global_limits]]
      key = "user_id"
      max_requests = 0
      window_ms = 1000

      [[functions]]
      service = "s"
      request_type = "t"
      mfa = "os.cmd"
      timeout = 1
      """)
    #expect(
      found == [
        "gateway.toml:7: websocket.colour: is not known; allowed are drain_delay_ms, drain_spread_ms, drain_timeout_ms, "
          + "end_with_token, event, forwarded_header, hosts, idle_timeout_ms, listen, max_channels, max_connections, max_connections_per_address, "
          + "max_in_flight, max_message_bytes, messages_per_second, origins, outgoing_bytes, path, proxy_protocol, tls_certificate, tls_key, "
          + "toon_path, toon_version, topics, trusted_proxies",
        "gateway.toml:2: log.level: must be one of trace, debug, info, notice, warning, error, critical, not \"loud\"",
        "gateway.toml:5: websocket.listen: must be host:port, such as 127.0.0.1:4700, not \"4700\"",
        "gateway.toml:6: websocket.max_in_flight: must be a whole number, 1 to 100000, not 0",
        "gateway.toml:11: auth.require_verified_user_id: must be false with mode anonymous: nobody would be let in",
        "gateway.toml:15: rate_limiter.global_limits[0].max_requests: must be a whole number above 0",
        "gateway.toml:21: functions[0] (t): mfa: os.cmd is not allowed: the module is denied",
        "gateway.toml:22: functions[0] (t): timeout must be between 100 and 300000 milliseconds, or infinity; it is 1",
      ], "\(found.joined(separator: "\n"))")
  }

  @Test("a name with dots in quotes sets nothing, is told so, and each fault has the line of its own key")
  func quotedNames() {
    let found = faults(
      """
      "auth.mode" = "anonymous"
      [auth]
      mode = "anonymous"
      [gateway]
      "gr\\u00fcn.x" = 1
      "max_functions.x" = 2
      max_functions = "x"
      [["functions.0"]]
      z = 1
      [[functions]]
      service = "s"
      request_type = "t"
      "mfa.x" = 1
      mfa = 5
      """)
    for start in [
      "gateway.toml:1: \"auth.mode\": is not known", "gateway.toml:5: gateway.\"grün.x\": is not known",
      "gateway.toml:6: gateway.\"max_functions.x\": is not known",
      "gateway.toml:7: gateway.max_functions: must be",
      "gateway.toml:8: \"functions.0\": is not known",
      "gateway.toml:13: functions[0] (t): \"mfa.x\" is no field",
      "gateway.toml:14: functions[0] (t): mfa must be",
    ] {
      #expect(found.contains { $0.hasPrefix(start) }, "\(start)\n\(found.joined(separator: "\n"))")
    }
    #expect(found.count == 7, "\(found.joined(separator: "\n"))")
  }

  @Test("a text that is no TOML names its line")
  func syntax() {
    #expect(faults("[auth]\nmode = ")[0].hasPrefix("gateway.toml:"))
    #expect(faults("x = 1" + String(repeating: "#", count: 17 << 20))[0].contains("larger than"))
  }

  @Test("the environment takes the place of the file, and is told so")
  func environment() throws {
    let read = try read(
      Self.anonymous + "[websocket]\nlisten = \"127.0.0.1:1\"\n[log]\nlevel = \"debug\"",
      ["GENAPI_WEBSOCKET_LISTEN": "127.0.0.1:2", "GENAPI_WEBSOCKET_TOPICS": "a:*, b", "GENAPI_NODE": "here"])
    #expect(read.websocket.port == 2 && read.websocket.channels.topics == ["a:*", "b"])
    #expect(read.gateway.node == "here")
    let origins = Dictionary(uniqueKeysWithValues: read.settings.map { ($0.key, $0.origin.description) })
    #expect(
      origins["websocket.listen"] == "$GENAPI_WEBSOCKET_LISTEN" && origins["log.level"] == "gateway.toml:6")
    #expect(origins["websocket.path"] == "default")
    #expect(
      faults(Self.anonymous, ["GENAPI_WEBSOCKET_MAX_IN_FLIGHT": "many"])
        == [
          "$GENAPI_WEBSOCKET_MAX_IN_FLIGHT: websocket.max_in_flight: must be a whole number, 1 to 100000, not \"many\""
        ])
  }

  @Test("a secret is needed, may be in a file, and is never shown")
  func secrets() throws {
    #expect(faults("").contains { $0.contains("auth.secret: mode jwt needs a secret of at least 16 bytes") })
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("genapi-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try "  super-secret-of-a-file\n".write(
      to: folder.appendingPathComponent("secret"), atomically: true, encoding: .utf8)
    let read = try ServerConfiguration(
      toml: "[auth]\nsecret_file = \"secret\"\n[gateway]\npush_token = \"push-me\"",
      file: folder.appendingPathComponent("gateway.toml").path, environment: [:])
    #expect(read.authenticator is JWTAuthenticator && read.gateway.pushToken == "push-me")
    #expect(!read.description.contains("super-secret") && !read.description.contains("push-me"))
    #expect(read.description.contains("# push_token (hidden)"))
    #expect(faults("[auth]\nsecret = \"short\"").allSatisfy { !$0.contains("short\"") })
  }

  @Test("what is printed can be read again")
  func printed() throws {
    let read = try read(Self.anonymous + "[websocket]\nlisten = \"127.0.0.1:0\"\n[relay]\nmax_groups = 7")
    let again = try self.read(read.description)
    #expect(again.websocket.port == 0 && again.gateway.relay.groups == 7)
    #expect(again.settings.map(\.value) == read.settings.map(\.value))
  }

  @Test("all that is printed reads back equal: functions, limits, services and roles too")
  func printedWhole() throws {
    let read = try read(
      Self.anonymous + """
        [cluster]
        name = "gw@127.0.0.1"
        seeds = ["a@b"]
        cookie_file = "/dev/null"
        [[cluster.nodes]]
        name = "app@127.0.0.1"
        roles = ["users", "\\"x\\""]
        [[pull.services]]
        service = "user \\u0301 service"
        nodes = { function = "Cluster.nodes_with_role", args = ["r"] }
        module = "M"
        function = "f"
        args = [1, [2.5, { "a b" = true }]]
        version_module = "M"
        version_function = "v"
        [[rate_limiter.global_limits]]
        key = "user_id"
        max_requests = 5
        window_ms = 1000
        [[rate_limiter.api_limits]]
        service = "s"
        request_type = "t"
        key = "n"
        max_requests = 5
        window_ms = 1000
        [[functions]]
        service = "s"
        request_type = "t"
        mfa = { function = "M.f", args = [{ "k\\n" = "v\\u007F" }, []] }
        arg_types = { n = { type = "num", default_value = 1.5 }, "a.b" = { string = 64 } }
        arg_orders = ["n", "a.b"]
        check_permission = { role = ["admin"] }
        retry = { same_node = 2 }
        before_execute = "M.b"
        timeout = "infinity"
        """, Self.cookie)
    let again = try self.read(read.description, Self.cookie)
    #expect(again.functions == read.functions && read.functions.count == 1)
    #expect(again.gateway.rateLimiter == read.gateway.rateLimiter)
    #expect(again.gateway.pull == read.gateway.pull && read.gateway.pull.services.count == 1)
    #expect(again.cluster?.roles == read.cluster?.roles && read.cluster?.roles.count == 1)
    #expect(again.settings.map(\.value) == read.settings.map(\.value))
  }

  private static let cookie = ["GENAPI_CLUSTER_COOKIE": "c"]

  @Test("the document's names are read, and keys that do nothing are none")
  func documentNames() throws {
    let read = try read(
      Self.anonymous + "[rate_limiter]\nrouting_strategy = \"random\"\ninstance_count = \"auto\"\n")
    #expect(read.gateway.rateLimiter.routing == .random && read.gateway.rateLimiter.instanceCount == nil)
    #expect(
      try self.read(Self.anonymous + "[rate_limiter]\ninstance_count = 3").gateway.rateLimiter.instanceCount
        == 3)
    for wrong in ["0", "\"many\"", "1025"] {
      #expect(
        faults(Self.anonymous + "[rate_limiter]\ninstance_count = \(wrong)")[0].contains(
          "must be \"auto\" or a whole number, 1 to 1024"))
    }
    for key in ["worker_pool.task_timeout = 1000"] {
      #expect(faults(key + "\n" + Self.anonymous)[0].contains("is not known"))
    }
  }

  @Test(
    "a variable that is no setting is a fault, with the one that is near; nothing is proposed where none is")
  func misspeltVariables() {
    for (name, said) in [
      ("GENAPI_WEBSOKET_LISTEN", "do you mean GENAPI_WEBSOCKET_LISTEN?"),
      ("GENAPI_WEBSOCKET_DRAIN_DELAY", "do you mean GENAPI_WEBSOCKET_DRAIN_DELAY_MS?"),
      ("GENAPI_FOO_BAR", "--print-config shows all there are"),
      ("GENAPI_COOKIES", "--print-config shows all there are"),
      ("GENAPI_GATEWAY_PORT_4700_TCP_PROTO", "--print-config shows all there are"),
      ("GENAPI_GATEWAY_SERVICE_PORT_WEBSOCKET", "--print-config shows all there are"),
    ] {
      let others = ["GENAPI_CLIENT_TOKEN": "t", "GENAPI_COOKIE": "c", "PATH": "/", name: "x"]
      #expect(faults(Self.anonymous, others) == ["$\(name): is no setting; \(said)"])
    }
  }

  @Test("of names that are as near the first in the alphabet is proposed, whatever order they come in")
  func asNear() {
    let names = ["listed_d", "listed_a", "listed_c", "listed_b"]
    for turn in names.indices {
      let order = Array(names[turn...] + names[..<turn])
      #expect(ServerSettingReader.question("listed_x", order) == "do you mean listed_a?")
      #expect(ServerSettingReader.question("listed_bb", order) == "do you mean listed_b?")
    }
    #expect(
      ServerSettingReader.question("size", ["pool_size", "a_size"]) == "do you mean a_size or pool_size?")
    #expect(
      ServerSettingReader.question("size", ["pool_size", "a_size"].reversed())
        == "do you mean a_size or pool_size?")
    #expect(ServerSettingReader.question("elsewhere", names) == nil)
  }

  @Test("a limit on a function that the file does not have is a warning with the one that may be meant")
  func limitOnNothing() throws {
    func warnings(_ service: String) throws -> [String] {
      try read(
        Self.anonymous + "[[rate_limiter.api_limits]]\nservice = \"\(service)\"\nrequest_type = \"echo\"\n"
          + "key = \"user_id\"\nmax_requests = 1\nwindow_ms = 1000\n"
          + "[[functions]]\nservice = \"demo\"\nrequest_type = \"echo\"\nmfa = \"Builtin.echo\"\n"
          + "arg_types = { message = \"string\" }\narg_orders = [\"message\"]\n"
      ).warnings
    }
    #expect(try warnings("demo").isEmpty)
    #expect(
      try warnings("dmeo") == [
        "gateway.toml:4: rate_limiter.api_limits[0] is on dmeo/echo, a function that is not in this file; "
          + "do you mean demo/echo?"
      ])
  }

  @Test(
    "what Kubernetes sets for a service called genapi-… is passed over, and nothing that only looks like it")
  func serviceLinks() {
    for (prefix, address, shown) in [
      ("GENAPI", "10.96.1.2", "10.96.1.2"), ("GENAPI_GATEWAY", "2001:db8::1", "[2001:db8::1]"),
    ] {
      let links = [
        "_SERVICE_HOST": address, "_SERVICE_PORT": "4700", "_SERVICE_PORT_WEB_SOCKET": "4700",
        "_PORT": "tcp://\(shown):4700", "_PORT_4700_TCP": "tcp://\(shown):4700",
        "_PORT_4700_TCP_PROTO": "tcp", "_PORT_4700_TCP_PORT": "4700", "_PORT_4700_TCP_ADDR": address,
        "_PORT_53_UDP": "udp://\(shown):53", "_PORT_53_UDP_PROTO": "udp",
      ]
      let environment = Dictionary(uniqueKeysWithValues: links.map { (prefix + $0.key, $0.value) })
      #expect(faults(Self.anonymous, environment) == [])
      for (name, wrong) in [
        ("_PORT", "4700"), ("_PORT", "tcp://10.9.9.9:4700"), ("_PORT", "http://\(shown):4700"),
        ("_SERVICE_PORT_WEB", "many"), ("_SERVICE_PORTS", "4700"), ("_PORT_4700_TCP_PROTO", "udp"),
        ("_PORT_4700_TCP", "tcp://\(shown):4701"), ("_PORT_4700_TCP_HOST", address),
        ("_PORT_4700_ICMP", "icmp://\(shown):4700"), ("_PORT_x_TCP_PROTO", "tcp"),
        ("_PORT_4700_TCP_", "tcp"), ("_HOST", address), ("_PORT_4700_TCP_PORT", "4701"),
      ] {
        let told = faults(Self.anonymous, environment.merging([prefix + name: wrong]) { $1 })
        #expect(told.count == 1 && told[0].hasPrefix("$\(prefix)\(name): is no setting"), "\(name)=\(wrong)")
      }
      // Kubernetes always sets both of these.
      for name in ["_SERVICE_HOST", "_SERVICE_PORT"] {
        #expect(!faults(Self.anonymous, environment.filter { $0.key != prefix + name }).isEmpty)
      }
    }
  }

  @Test(
    "the document's example of a service's variables is passed over, and is faults without either of the two that tell it"
  )
  func documentedLinks() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let text = try String(contentsOf: root.appendingPathComponent("docs/server.md"), encoding: .utf8)
    let environment = Dictionary(
      uniqueKeysWithValues: text.matches(of: /`(GENAPI_GATEWAY_[A-Z0-9_]+)=([^`]+)`/).map {
        (String($0.1), String($0.2))
      })
    #expect(environment.count == 4 && environment["GENAPI_GATEWAY_SERVICE_HOST"] != nil)
    #expect(faults(Self.anonymous, environment) == [])
    for name in ["GENAPI_GATEWAY_SERVICE_HOST", "GENAPI_GATEWAY_SERVICE_PORT"] {
      #expect(faults(Self.anonymous, environment.filter { $0.key != name }).count == 3)
    }
  }

  @Test("a setting is one also where it looks like a service's variable")
  func serviceLinksAndSettings() {
    let environment = [
      "GENAPI_NODE_SERVICE_HOST": "10.0.0.1", "GENAPI_NODE_SERVICE_PORT": "1", "GENAPI_WEBSOCKET_LISTEN": "x",
    ]
    #expect(faults(Self.anonymous, environment).allSatisfy { $0.hasPrefix("$GENAPI_WEBSOCKET_LISTEN") })
  }

  @Test("a name without the word before or behind it, such as its unit, is told what was meant")
  func unitlessNames() {
    for (line, meant) in [
      ("[worker_pool]\npool_size = 5", "do you mean async_pool_size or stream_pool_size?"),
      ("[websocket]\ndrain_delay = 5", "do you mean drain_delay_ms?"),
      ("[websocket]\nspread_ms = 5", "do you mean drain_spread_ms?"),
      ("[reload]\nwatch_interval = 5", "do you mean watch_interval_ms?"),
    ] {
      let told = faults(Self.anonymous + line + "\n")
      #expect(told.count == 1 && told[0].contains(meant), "\(told)")
    }
  }

  @Test("a whole number is one however it is written, and what is none is refused in words")
  func wholeNumbers() throws {
    for (value, milliseconds) in [("5.0", 5), ("1e3", 1_000), ("5", 5)] {
      let read = try ServerConfiguration(
        toml: Self.anonymous + "[websocket]\ndrain_delay_ms = \(value)\n", file: "gateway.toml",
        environment: [:])
      #expect(read.websocket.drainDelay == .milliseconds(milliseconds), "\(value)")
    }
    for value in ["5.5", "\"5\"", "nan", "true", "1e300"] {
      let told = faults(Self.anonymous + "[websocket]\ndrain_delay_ms = \(value)\n")
      #expect(
        told.count == 1 && told[0].contains("drain_delay_ms: must be a whole number"), "\(value): \(told)")
    }
  }

  @Test("a limit that can never count anything is a fault")
  func limitKeys() {
    func limit(_ key: String, _ more: String = "") -> String {
      "[[rate_limiter.global_limits]]\nkey = \"\(key)\"\nmax_requests = 1\nwindow_ms = 1\n" + more
    }
    let function =
      "[[functions]]\nservice = \"s\"\nrequest_type = \"t\"\nmfa = \"Builtin.echo\"\narg_types = { userid = \"num\" }\n"
    #expect(
      faults(Self.anonymous + limit("userid")) == [
        "gateway.toml:4: rate_limiter.global_limits[0].key: \"userid\" is no argument; do you mean user_id?"
      ])
    #expect(faults(Self.anonymous + limit("userid", function)).isEmpty)
    #expect(
      faults(Self.anonymous + limit("amount", function))[0].contains("\"amount\" is no argument, nor one of"))
    let cluster = "[cluster]\nname = \"a@b\"\ncookie = \"c\"\n"
    #expect(faults(Self.anonymous + cluster + limit("amount")).isEmpty)
    #expect(faults(Self.anonymous + cluster + limit("UserId")).count == 1)
  }

  @Test("a limit counts by a claim that tokens are asked for, and by no other")
  func claims() throws {
    let secret = "[auth]\nsecret = \"0123456789abcdef\"\n"
    func limit(_ name: String) -> String {
      "[[rate_limiter.global_limits]]\nkey = \"claim(\(name))\"\nmax_requests = 1\nwindow_ms = 1\n"
    }
    let read = try read(secret + "claims = [\"tenant\", \"plan\"]\n" + limit("tenant"))
    #expect(read.gateway.rateLimiter.globalLimits.map(\.key) == [.claim("tenant")])
    #expect((read.authenticator as? JWTAuthenticator)?.claims.counted == ["tenant", "plan"])
    let phoenix = try self.read(
      secret + "mode = \"phoenix_token\"\nclaims = [\"tenant\"]\n" + limit("tenant"))
    #expect((phoenix.authenticator as? PhoenixTokenAuthenticator)?.claims.counted == ["tenant"])
    #expect(
      faults(secret + limit("tenant"))
        == [
          "gateway.toml:4: rate_limiter.global_limits[0].key: \"tenant\" is not in auth.claims, so no request has it"
        ])
    #expect(faults(secret + "claims = [\"\"]").count == 1)
    let many = (0..<17).map { "\"c\($0)\"" }.joined(separator: ", ")
    #expect(faults(secret + "claims = [\(many)]").count == 1)
  }

  @Test("a limit's key is what code calls it, and is printed as it was read")
  func limitKeysAreRead() throws {
    for name in RequestKey.Field.allCases.map(\.rawValue) + ["arg(user_id)", "tenant"] {
      let function =
        "[[functions]]\nservice = \"s\"\nrequest_type = \"t\"\nmfa = \"Builtin.echo\"\n"
        + "arg_types = { user_id = \"num\", tenant = \"num\" }\n"
      let read = try read(
        Self.anonymous
          + "[[rate_limiter.global_limits]]\nkey = \"\(name)\"\nmax_requests = 1\nwindow_ms = 1\n" + function)
      #expect(read.gateway.rateLimiter.globalLimits.map(\.key) == [RequestKey(ByteText(name))])
      #expect(read.description.contains("\"key\" = \"\(name)\""))
    }
    #expect(
      faults(
        Self.anonymous
          + "[[rate_limiter.global_limits]]\nkey = \"arg(user_id)\"\nmax_requests = 1\nwindow_ms = 1\n"
      )
      .count == 1)
  }

  @Test("a file of seeds with what is no node's name is warned of, as it is read again all the time")
  func seeds() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("genapi-\(UUID().uuidString)")
      .path
    defer { try? FileManager.default.removeItem(atPath: path) }
    func warnings() throws -> [String] {
      try ServerConfiguration(
        toml: Self.anonymous + "[cluster]\nname = \"a@127.0.0.1\"\ncookie = \"c\"\nseeds_file = \"\(path)\"",
        file: "g.toml", environment: [:]
      ).warnings.filter { $0.contains("seeds_file") }
    }
    #expect(try warnings() == ["cluster.seeds_file: \(path) cannot be read: No such file or directory"])
    try "\u{FEFF}a@b\r\n".write(toFile: path, atomically: true, encoding: .utf8)
    #expect(try warnings() == [])
    try "# ours\na@b\n\na@b@c\n".write(toFile: path, atomically: true, encoding: .utf8)
    #expect(
      try warnings() == ["cluster.seeds_file: \(path) line 4 must be name@host, not \"a@b@c\""])
    try "a@b\n".write(toFile: path, atomically: true, encoding: .utf8)
    #expect(try warnings() == [])
  }

  @Test("paths are relative to the file in every section")
  func paths() throws {
    let read = try ServerConfiguration(
      toml: Self.anonymous + "[cluster]\nname = \"a@127.0.0.1\"\ncookie = \"c\"\nseeds_file = \"nodes\"",
      file: "/etc/genapi/g.toml", environment: [:])
    #expect(read.cluster?.sources == [.file("/etc/genapi/nodes")])
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("genapi-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for name in ["c.pem", "k.pem"] {
      try "no PEM".write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
    }
    let error = #expect(throws: ConfigurationFaultList.self) {
      try ServerConfiguration(
        toml: Self.anonymous
          + "[cluster]\nname = \"a@b\"\ncookie = \"c\"\ntls_certificate = \"c.pem\"\ntls_key = \"k.pem\"",
        file: folder.appendingPathComponent("g.toml").path, environment: [:])
    }
    // The files were found, and are neither.
    #expect(
      error?.faults.map(\.reason) == [
        "\"c.pem\" holds no certificate in PEM", "\"k.pem\" holds no key in PEM, or one with a passphrase",
      ])
  }

  @Test("names that resolve to nothing are told, and clients do not read them")
  func unresolved() async throws {
    let read = try read(
      Self.anonymous + """
        [websocket]
        listen = "127.0.0.1:0"
        [cluster]
        name = "gw@127.0.0.1"
        cookie = "c"
        [[functions]]
        service = "s"
        request_type = "t"
        mfa = "Nowhere.f"
        before_execute = "Nowhere.before"
        after_execute = "Nowhere.after"
        permission_callback = "Nowhere.may"
        [[functions]]
        service = "s"
        request_type = "nodes"
        mfa = "Elsewhere.f"
        nodes = { function = "Nowhere.nodes" }
        [[functions]]
        service = "s"
        request_type = "there"
        mfa = "Elsewhere.f"
        nodes = ["a@b"]
        permission_callback = "Elsewhere.may"
        """)
    let server = try GatewayServer(read, log: ServerLog(.critical))
    let names = server.gateway.unresolvedNames()
    // A list of nodes is asked for in the cluster.
    #expect(
      names == [
        "s/t: mfa Nowhere.f", "s/t: permission_callback Nowhere.may",
        "s/t: before_execute Nowhere.before", "s/t: after_execute Nowhere.after",
      ])
    let check = server.gateway.health().checks.first { $0.name == "names" }
    #expect(check?.status == .degraded && check?.detail.contains("s/t: mfa Nowhere.f") == true)
    for type in ["t", "nodes"] as [ByteText] {
      let response = await server.gateway.execute(Request(service: "s", requestType: type, requestID: "1"))
      #expect(response?.error == "Internal Server Error")
    }
  }

  @Test("telemetry that other machines can reach needs a token")
  func telemetry() {
    #expect(
      faults(Self.anonymous + "[telemetry]\nlisten = [\"0.0.0.0:4710\"]").contains {
        $0.contains("telemetry.token: is needed to listen on 0.0.0.0:4710")
      })
  }

  @Test("a stream's token that can be guessed is refused, without being shown")
  func shortToken() {
    let found = faults(Self.anonymous + "[telemetry]\ntoken = \"a secret of 15b\"")
    #expect(found.contains { $0.contains("telemetry.token: has 15 bytes and can be guessed") })
    #expect(!found.contains { $0.contains("a secret") })
    #expect(faults(Self.anonymous + "[telemetry]\ntoken = \"a secret of 16 b\"").isEmpty)
  }

  @Test("services to pull are read with their functions")
  func pull() throws {
    let read = try read(
      Self.anonymous + """
        [cluster]
        name = "gw@127.0.0.1"
        cookie = "c"
        [pull]
        interval_ms = 1000
        [[pull.services]]
        service = "user_service"
        nodes = ["app@host"]
        module = "MyApp.GenApi.Supporter"
        function = "get_config"
        args = []
        """)
    #expect(
      read.gateway.pull.services == [
        PullSource(
          service: "user_service", nodes: .list(["app@host"]),
          function: FunctionReference("MyApp.GenApi.Supporter", "get_config"))
      ])
    #expect(faults(Self.anonymous + "[[pull.services]]\nservice = \"s\"").count >= 1)
  }

  @Test("other nodes are a fault without a cluster: of functions, in their files, of services to pull")
  func noCluster() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(
      "genapi-\(UUID().uuidString).toml")
    defer { try? FileManager.default.removeItem(at: file) }
    let function = "[[functions]]\nservice = \"s\"\nrequest_type = \"f\"\nmfa = \"M.f\"\n"
    try (function + "nodes = [\"b@host\"]\n").write(to: file, atomically: true, encoding: .utf8)
    let text =
      "function_files = [\"\(file.path)\"]\n" + Self.anonymous + """
        [[functions]]
        service = "s"
        request_type = "t"
        mfa = "M.f"
        nodes = ["a@host"]
        [[pull.services]]
        service = "p"
        module = "M"
        function = "f"
        nodes = ["c@host"]
        """
    let found = faults(text)
    func needs(_ node: String) -> String {
      "nodes are reached through a cluster, and there is none: \(node) needs cluster.name in [cluster]"
    }
    #expect(found.count == 3, "\(found)")
    #expect(found.contains("gateway.toml:8: functions[0] (t): " + needs("a@host")), "\(found)")
    #expect(found.contains("gateway.toml:13: pull.services[0]: " + needs("c@host")), "\(found)")
    let ofFile = found.first { $0.hasPrefix("gateway.toml:1: function_files: ") } ?? ""
    #expect(ofFile.contains(".toml:5: ") && ofFile.contains(needs("b@host")), "\(found)")
    #expect(faults(text + "\n[cluster]\nname = \"gw@127.0.0.1\"\ncookie = \"c\"").isEmpty)
    // A cluster with a fault of its own is one: only that is told.
    #expect(faults(text + "\n[cluster]\nname = \"gw\"\ncookie = \"c\"").count == 1)
  }

  @Test("a credential is taken where nothing else is set, shown with its origin, and never itself")
  func credentials() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("genapi-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let secret = folder.appendingPathComponent("genapi.telemetry_token")
    try "the-token-of-a-credential\n".write(to: secret, atomically: true, encoding: .utf8)
    try "the-token-of-another-file".write(
      to: folder.appendingPathComponent("other"), atomically: true, encoding: .utf8)
    func tokens(_ telemetry: String) throws -> ([ByteText], shown: String) {
      let read = try read(
        Self.anonymous + "[telemetry]\n" + telemetry, ["CREDENTIALS_DIRECTORY": folder.path])
      #expect(!read.description.contains("the-token"))
      let lines = read.description.split(separator: "\n").drop { $0 != "[telemetry]" }
      let line = lines.first { $0.hasPrefix("# token ") || $0.hasPrefix("token ") }
      return ([read.telemetry.token].compactMap { $0 } + read.telemetry.otherTokens, String(line ?? ""))
    }
    let alone = try tokens("")
    #expect(alone.0 == ["the-token-of-a-credential"])
    #expect(alone.shown.hasPrefix("# token (hidden) "), "\(alone)")
    #expect(alone.shown.hasSuffix("# the credential \(secret.path)"), "\(alone)")
    // What the configuration says goes before it.
    #expect(try tokens("token = \"sixteen bytes or more\"").0 == ["sixteen bytes or more"])
    let file = try tokens("token_file = \"\(folder.path)/other\"")
    #expect(file.0 == ["the-token-of-another-file"] && file.shown.hasPrefix("# token (none)"), "\(file)")
    // Others are good beside it.
    let both = try tokens("token_files = [\"\(folder.path)/other\"]")
    #expect(both.0 == ["the-token-of-a-credential", "the-token-of-another-file"])
    #expect(both.shown.hasPrefix("# token (hidden) "), "\(both)")
  }

  @Test("a configuration without functions is told what that means; a client needs none")
  func noFunctions() throws {
    #expect(try read(Self.anonymous).warningOfNoFunctions?.contains("/readyz stays 503") == true)
    #expect(try read(Self.anonymous + "[gateway]\nclient_mode = true").warningOfNoFunctions == nil)
    let function = "[[functions]]\nservice = \"s\"\nrequest_type = \"t\"\nmfa = \"Builtin.time\""
    #expect(try read(Self.anonymous + function).warningOfNoFunctions == nil)
  }

  @Test("a cluster needs a name of two halves and a cookie, which is never shown; seeds and roles are read")
  func cluster() throws {
    let read = try read(
      Self.anonymous + """
        [cluster]
        name = "gw@127.0.0.1"
        cookie = "monster-of-a-secret"
        seeds = ["app@127.0.0.1"]
        seeds_file = "/etc/genapi/nodes"
        seeds_dns = ["app@users.internal"]
        discovery_interval_ms = 5000
        epmd_port = 5000
        [[cluster.nodes]]
        name = "app@127.0.0.1"
        roles = ["users"]
        """)
    #expect(read.cluster?.node.name == "gw@127.0.0.1" && read.cluster?.node.epmd?.port == 5_000)
    #expect(
      read.cluster?.roles == ["app@127.0.0.1": ["users"]] && read.cluster?.discoveryInterval == .seconds(5))
    #expect(
      read.cluster?.sources == [
        .nodes(["app@127.0.0.1"]), .file("/etc/genapi/nodes"), .dns("app@users.internal"),
      ])
    #expect(!read.description.contains("monster") && !"\(read.cluster as Any)".contains("monster"))
    #expect(
      faults(Self.anonymous + "[cluster]\nname = \"gw\"\ncookie = \"x\"") == [
        "gateway.toml:4: cluster.name: must be name@host, not \"gw\""
      ])
    let named = Self.anonymous + "[cluster]\nname = \"a@b\"\ncookie = \"x\"\n"
    #expect(faults(named + "seeds = [\"c\"]").count == 1)
    #expect(
      faults(named + "seeds_dns = [\"c\"]") == [
        "gateway.toml:6: cluster.seeds_dns: must be a list of name@host, not \"c\""
      ])
    #expect(
      faults(named + "tls_key = \"key.pem\"") == [
        "gateway.toml:3: cluster.tls_certificate: is needed: TLS takes tls_certificate and tls_key",
        "gateway.toml:6: cluster.tls_key: \"key.pem\" cannot be read: No such file or directory",
      ])
    #expect(faults(named + "tls_certificate = \"/no.pem\"\ntls_key = \"/no.pem\"").count == 2)
  }

  @Test(
    "an empty variable counts as not set, and the log says so: it locks nobody out and switches nothing off")
  func emptyVariables() throws {
    let toml = """
      [auth]
      secret = "sixteen bytes or more"
      issuer = "me"
      [websocket]
      topics = ["room:*"]
      trusted_proxies = ["10.0.0.0/8"]
      [telemetry]
      token = "another of sixteen bytes"
      """
    let names = [
      "GENAPI_AUTH_SECRET", "GENAPI_AUTH_ISSUER", "GENAPI_AUTH_AUDIENCE", "GENAPI_WEBSOCKET_TOPICS",
      "GENAPI_WEBSOCKET_TRUSTED_PROXIES", "GENAPI_TELEMETRY_TOKEN", "GENAPI_HEALTH_LISTEN",
      "GENAPI_LOG_LEVEL",
      "GENAPI_WEBSOCKET_MAX_CONNECTIONS", "GENAPI_AUTH_MODE", "GENAPI_AUTH_SECRET_FILES",
    ]
    let read = try read(toml, Dictionary(names.map { ($0, "") }, uniquingKeysWith: { $1 }))
    let plain = try self.read(toml)
    // Values, origins and all.
    #expect(read.settings.map(\.digest) == plain.settings.map(\.digest))
    #expect(read.settings.map(\.origin) == plain.settings.map(\.origin))
    #expect(
      read.warnings.filter { $0.hasPrefix("$") }.sorted()
        == names.map { "$\($0) is empty and counts as not set" }.sorted())
    // Nothing but commas and blanks is a mistake, and no empty list.
    #expect(
      faults(toml, ["GENAPI_WEBSOCKET_TRUSTED_PROXIES": " , "]) == [
        "$GENAPI_WEBSOCKET_TRUSTED_PROXIES: websocket.trusted_proxies: must be a list of strings, not \",\""
      ])
  }

  @Test("blanks and line ends around a variable's value are no part of it, and those within are told escaped")
  func blanksAroundVariables() throws {
    let toml = Self.anonymous + "require_verified_user_id = false\n"
    let read = try read(
      toml,
      [
        "GENAPI_WEBSOCKET_LISTEN": "127.0.0.1:47501\n", "GENAPI_WEBSOCKET_MAX_CHANNELS": " 64",
        "GENAPI_WEBSOCKET_TOPICS": "\tapi:*, room:* \r\n", "GENAPI_LOG_LEVEL": " \n",
      ])
    #expect(read.websocket.port == 47_501 && read.websocket.channels.topics == ["api:*", "room:*"])
    #expect(read.warnings.contains("$GENAPI_LOG_LEVEL is empty and counts as not set"))
    let told = faults(toml, ["GENAPI_WEBSOCKET_MAX_CHANNELS": "6\n4\n"])
    #expect(told.count == 1 && told[0].hasSuffix(", not \"6␊4\""), "\(told)")
  }

  @Test("keys that are not known come first, and all faults are told as far as there is room")
  func unknownFirst() {
    let toml =
      Self.anonymous + "require_verified_user_id = false\n[[rate_limiter.global_limits]]\n"
      + "key = \"user_id\"\nmax_request = 5\nwindow_ms = 1000\n[log]\nlevel = \"loud\"\n"
    let found = faults(toml)
    #expect(found.first?.contains("max_request: is not known") == true, "\(found)")
    #expect(found.count == 3)
    let log = ReloadLog(certificates: [])
    log.applied([], faults: found)
    #expect(found.allSatisfy { log.check.detail.contains($0) }, "\(log.check.detail)")
    // Of very many the first ones, in a line of bounded length, with how many more there are.
    log.applied([], faults: (1...50).map { "fault \($0)" })
    #expect(log.check.detail.contains("fault 10 (and 40 more)"))
    // Long ones are cut, and hide none of the ten.
    log.applied(
      [], faults: (1...14).map { "[sec\($0)] is no section; " + String(repeating: "x", count: 400) })
    #expect(log.check.detail.contains("(and 4 more)") && log.check.detail.utf8.count < 1_200)
    for number in 1...10 { #expect(log.check.detail.contains("[sec\(number)] is no section")) }
    log.applied([], faults: [String(repeating: "x", count: 900)])
    #expect(log.check.detail.contains(String(repeating: "x", count: 400)))
  }

  @Test("a module as Elixir writes one of Erlang, with a colon, is that module")
  func erlangModule() throws {
    let toml =
      Self.anonymous
      + "require_verified_user_id = false\n[[functions]]\nservice = \"s\"\nrequest_type = \"f\"\n"
      + "mfa = \":svc.get\"\nnodes = [\"a@b\"]\n[cluster]\nname = \"gw@127.0.0.1\"\ncookie = \"sixteen bytes or so\"\n"
    let function = try read(toml).functions.first?.function
    #expect(function?.module == "svc" && function?.function == "get")
  }

  @Test("an empty text in the file is a fault wherever it would switch something off or keep everybody out")
  func emptyTexts() {
    let start = "auth.secret = \"sixteen bytes or more\"\n"
    for key in [
      "auth.issuer", "auth.audience", "auth.secret_file", "auth.jwks_file", "health.listen", "health.socket",
      "node",
      "websocket.listen", "websocket.path", "websocket.event", "websocket.topics", "websocket.hosts",
      "websocket.trusted_proxies", "telemetry.token_file", "cluster.name", "cluster.seeds_file",
    ] {
      let found = faults("\(key) = \"\"\n" + start)
      #expect(found.contains { $0.hasPrefix("gateway.toml:1: \(key): ") }, "\(key): \(found)")
    }
    #expect(faults("websocket.topics = []\n" + start).count == 1)
    #expect(faults("websocket.topics = [\"a\", \"\"]\n" + start).count == 1)
  }

  @Test("sockets of TOON are off until they have a path of their own")
  func toon() throws {
    #expect(try read(Self.anonymous + "require_verified_user_id = false").websocket.toonPath == nil)
    let settings = "require_verified_user_id = false\n[websocket]\ntoon_path = \"/toon/websocket\"\n"
    let on = try read(Self.anonymous + settings)
    #expect(on.websocket.toonPath == "/toon/websocket" && on.websocket.toonVersion == .v3)
    #expect(try read(Self.anonymous + settings + "toon_version = \"4.0\"").websocket.toonVersion == .v4)
    for path in ["", "toon", "/a?b", "/socket/websocket"] {
      let found = faults(
        Self.anonymous
          + "require_verified_user_id = false\n[websocket]\ntoon_path = \"\(path)\"\ntoon_version = \"2\"")
      #expect(found.count == 2 && found.contains { $0.contains("websocket.toon_path") }, "\(found)")
      #expect(found.contains { $0.contains("websocket.toon_version") && $0.contains("3.0, 4.0") }, "\(found)")
    }
  }
}
