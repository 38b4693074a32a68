import ErlangNode
import GenAPIGateway
import GenAPITelemetry
import GenAPIValue
import TestWaiting
import Testing

@testable import GenAPICluster

@Suite(
  "With a real Elixir service", .enabled(if: ElixirPeer.isInstalled, "needs elixir and epmd"), .serialized)
struct ElixirServiceTests {
  private static let supporter = "Elixir.MyApp.GenApi.Supporter"
  private static let gatewayName = Term.atom("gateway@127.0.0.1")

  private func with(
    _ change: (inout GatewayConfiguration) -> Void = { _ in }, _ body: (ElixirPeer) async throws -> Void
  ) async throws {
    try await ElixirPeer.with(change, body)
  }

  private func call(
    _ peer: ElixirPeer, _ type: String, _ args: ValueObject = [:], user: ByteText? = nil,
    on connection: Listener? = nil
  ) async -> Response? {
    await peer.gateway.execute(
      Request(service: "user_service", requestType: ByteText(type), requestID: "r", args: args, userID: user),
      on: connection)
  }

  @Test(
    "it pushes its configs; results, errors, exceptions, exits and timeouts reach the client; permission is asked there"
  )
  func push() async throws {
    try await with { (peer) async throws in
      let accepted = try await peer.run(Self.supporter, "push", [Self.gatewayName])
      #expect(accepted == .tuple([.atom("ok"), .atom("accepted")]))
      #expect(peer.gateway.configs.failedConfigs().isEmpty, "\(peer.gateway.configs.failedConfigs())")
      #expect(peer.gateway.configs.count == 9)
      let user = await call(peer, "get_user", ["user_id": "123"])
      #expect(user?.result["id"] == "123" && user?.result["name"] == "Alice", "\(user as Any)")
      #expect(user?.result["at"] == "2025-01-15T10:30:00Z")
      #expect(await call(peer, "list_users", ["limit": 2])?.result == [["id": "u_1"], ["id": "u_2"]])
      #expect(await call(peer, "fail", ["reason": "no"])?.error == "Internal Server Error")
      #expect(await call(peer, "raise", ["text": "oops"])?.error == "Internal Server Error")
      #expect(await call(peer, "exit", ["reason": "gone"])?.error == "Internal Server Error")
      #expect(await call(peer, "slow", ["ms": 2_000])?.error == "Internal Server Error")
      #expect(
        await call(peer, "raise", ["text": .string(ByteText(String(repeating: "x", count: 51)))])?.error?
          .hasPrefix("Invalid argument: ") == true)
      let outcomes = Dictionary(
        uniqueKeysWithValues: peer.gateway.currentState().series.map { ($0.requestType, $0.outcomes) })
      #expect(outcomes["fail"]?["error"] == 1 && outcomes["raise"]?["exception"] == 1)
      #expect(outcomes["exit"]?["exception"] == 1 && outcomes["slow"]?["timeout"] == 1)
      #expect(
        await call(peer, "delete_user", ["user_id": "1"], user: "somebody")?.error == "Permission denied")
      #expect(await call(peer, "delete_user", ["user_id": "1"], user: "admin")?.success == true)
    }
  }

  @Test("a function that asks for the request's info finds there what caused it")
  func trace() async throws {
    try await with { (peer) async throws in
      _ = try await peer.run(Self.supporter, "push", [Self.gatewayName])
      let parent: ByteText = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
      var request = Request(service: "user_service", requestType: "cause", requestID: "r")
      #expect(await peer.gateway.execute(request)?.result == .null)
      request.trace = TraceContext(parent: parent)
      #expect(await peer.gateway.execute(request)?.result == .string(parent))
    }
  }

  @Test("a push is idempotent, can be forced, verified, and needs the token where there is one")
  func idempotent() async throws {
    try await with { (peer) async throws in
      func push(_ options: Term = .list([])) async throws -> Term {
        try await peer.run(Self.supporter, "push", [Self.gatewayName, options])
      }
      #expect(try await push() == .tuple([.atom("ok"), .atom("accepted")]))
      #expect(try await push() == .tuple([.atom("ok"), .atom("skipped"), .atom("version_matches")]))
      #expect(
        try await push(.list([.tuple([.atom("force"), .atom("true")])]))
          == .tuple([.atom("ok"), .atom("accepted")]))
      func verify(_ service: String, _ version: String) async throws -> Term {
        try await peer.run(
          "rpc", "call",
          [
            Self.gatewayName, .atom("Elixir.PhoenixGenApi"), .atom("verify_config"),
            .list([.text(ByteText(service)), .text(ByteText(version))]),
          ])
      }
      #expect(try await verify("user_service", "1.0.0") == .tuple([.atom("ok"), .atom("matched")]))
      #expect(
        try await verify("user_service", "2.0.0") == .tuple([.atom("ok"), .atom("mismatch"), .text("1.0.0")]))
      #expect(try await verify("unknown", "1.0.0") == .tuple([.atom("error"), .atom("not_found")]))
    }
    try await with {
      $0.pushToken = "secret"
    } _: { (peer) async throws in
      let refused = try await peer.run(Self.supporter, "push", [Self.gatewayName])
      #expect(refused == .tuple([.atom("error"), .atom("invalid_push_token")]))
    }
  }

  @Test(
    "a stream's parts reach the client; a killed node ends it with an error, and is called again when it is back"
  )
  func stream() async throws {
    try await with { (peer) async throws in
      _ = try await peer.run(Self.supporter, "push", [Self.gatewayName])
      let listener = Listener(peer.gateway)
      #expect(await call(peer, "count", ["to": 3], on: listener)?.result == "init")
      var parts: [Value] = []
      for await response in listener.stream {
        parts.append(response.result)
        if !response.hasMore { break }
      }
      #expect(parts == [1, 2, 3, nil])
      await peer.killElixir()
      try await eventually { peer.gateway.health()["nodes"]?.status == .degraded }
      let unreached = await call(peer, "get_user", ["user_id": "1"])
      #expect(unreached?.error == "Service temporarily unavailable" && unreached?.canRetry == true)
      #expect(peer.gateway.health()["nodes"]?.status == .degraded)
      try await peer.startElixir()
      #expect(await call(peer, "get_user", ["user_id": "1"])?.success == true)
    }
  }

  @Test(
    "a hidden gateway is in nobody's nodes(); a service that asks on an interval pushes again after its restart"
  )
  func restart() async throws {
    try await with { (peer) async throws in
      #expect(try await peer.run("erlang", "nodes") == .list([]))
      #expect(try await peer.run("erlang", "nodes", [.atom("hidden")]) == .list([Self.gatewayName]))
      // What it prints goes to its own console, as in a program: that of the caller goes with the gateway.
      let keep: ByteText = """
        spawn(fn ->
          Process.group_leader(self(), Process.whereis(:user))
          MyApp.GenApi.Supporter.keep_registered(:"gateway@127.0.0.1", 20)
        end)
        """
      _ = try await peer.run("Elixir.Code", "eval_string", [.text(keep)])
      try await eventually { peer.gateway.configs.count == 9 }
      _ = try await peer.run("Elixir.Code", "eval_string", [.text(Self.watchers)])
      try await peer.restartGateway()
      #expect(peer.gateway.configs.count == 0)
      try await eventually { peer.gateway.configs.count == 9 }
      #expect(await call(peer, "get_user", ["user_id": "1"])?.success == true)
      func seen(_ name: ByteText) async throws -> Term {
        try await peer.run("persistent_term", "get", [.atom(name), .atom("nothing")])
      }
      try await eventually { try await seen("of_all") == Self.gatewayName }
      #expect(try await seen("of_visible") == .atom("nothing"))
    }
  }

  /// Processes that wait for nodes to come: all of them, and those that are visible.
  private static let watchers: ByteText = """
    me = self()
    for {name, options} <- [of_all: [node_type: :all], of_visible: []] do
      spawn(fn ->
        :net_kernel.monitor_nodes(true, options)
        send(me, :watching)
        wait = fn wait ->
          receive do
            {:nodeup, node} -> :persistent_term.put(name, node)
            {:nodeup, node, _} -> :persistent_term.put(name, node)
            _ -> wait.(wait)
          end
        end
        wait.(wait)
      end)
      receive do :watching -> :ok end
    end
    """

  @Test(
    "the gateway pulls: what is listed is stored, a version that is known is skipped, a changed one is fetched"
  )
  func pull() async throws {
    try await with { (peer) async throws in
      peer.gateway.puller.add(
        PullSource(
          service: "user_service", nodes: .list([ByteText(peer.name)]),
          function: FunctionReference("MyApp.GenApi.Supporter", "get_config"),
          versionFunction: FunctionReference("MyApp.GenApi.Supporter", "version")))
      await peer.gateway.puller.pull("user_service")
      #expect(peer.gateway.configs.count == 9, "\(peer.gateway.currentState().services)")
      #expect(peer.gateway.puller.version(of: "user_service") == "1.0.0")
      #expect(await call(peer, "get_user", ["user_id": "1"])?.success == true)
      peer.gateway.configs.clear()
      await peer.gateway.puller.pull("user_service")
      #expect(peer.gateway.configs.count == 0)
      _ = try await peer.run("persistent_term", "put", [.atom("config_version"), .text("1.1.0")])
      await peer.gateway.puller.pull("user_service")
      #expect(peer.gateway.configs.count == 9 && peer.gateway.puller.version(of: "user_service") == "1.1.0")
    }
  }

  @Test(
    "Swift calls a function of the service as its own; a Swift service is called by Elixir and by the gateway"
  )
  func swift() async throws {
    struct User: Decodable { var id: String }
    try await with { (peer) async throws in
      let cluster = ErlangCluster(node: peer.gatewayNode)
      let getUser = try #require(
        RemoteFunction<User>(cluster, "MyApp.Api.get_user", on: .list([ByteText(peer.name)])))
      #expect(try await getUser("7").id == "7")
      let api = RemoteModule(cluster, "MyApp.Api", on: .list([ByteText(peer.name)]))
      let find: @Sendable (String) async throws -> User = api.function("get_user", String.self)
      #expect(try await find("8").id == "8")
      var configuration = LocalNodeConfiguration(name: "swift@127.0.0.1", cookie: Cookie("secret"))
      configuration.epmd = peer.gatewayNode.configuration.epmd
      configuration.logger.logLevel = .critical
      let service = try ServiceNode(
        configuration,
        ServiceEndpoints("sums") {
          Endpoint("add", Argument("a", Int.self), Argument("b", Int.self)) { a, b in a + b }
          Endpoint("deny") { () async throws -> Int in throw FunctionError("no") }
          Endpoint(
            withRequest: "who", Argument("greeting", String.self),
            answer: { request, greeting in
              "\(greeting) \(request.userID ?? "nobody")"
            })
          Endpoint("secret") { "for ann" }.permission { request in request.userID == "ann" }
        }, version: "1.0.0")
      try await service.node.start()
      try await service.push(to: "gateway@127.0.0.1")
      let sum = await peer.gateway.execute(
        Request(service: "sums", requestType: "add", requestID: "1", args: ["a": 2, "b": 40]))
      #expect(sum?.result == 42, "\(sum as Any)")
      let denied = await peer.gateway.execute(Request(service: "sums", requestType: "deny", requestID: "1"))
      #expect(denied?.error == "Internal Server Error")
      let who = await peer.gateway.execute(
        Request(service: "sums", requestType: "who", requestID: "1", args: ["greeting": "hi"], userID: "ann"))
      #expect(who?.result == "hi ann", "\(who as Any)")
      for (user, isAllowed) in [("ann", true), ("bob", false)] {
        let secret = await peer.gateway.execute(
          Request(service: "sums", requestType: "secret", requestID: "1", userID: ByteText(user)))
        #expect(secret?.success == isAllowed, "\(secret as Any)")
      }
      let asked = try await peer.run(
        "rpc", "call",
        [
          .atom("swift@127.0.0.1"), .atom("Elixir.Swift.sums"), .atom("add"),
          .list([.integer(1), .integer(2)]),
        ])
      #expect(asked == .tuple([.atom("ok"), .integer(3)]))
      await service.node.stop()
    }
  }
}
