import ErlangNode
import GenAPIGateway
import GenAPIValue
import Testing

@testable import GenAPICluster

@Suite(
  "What an Elixir service states in terms", .enabled(if: ElixirPeer.isInstalled, "needs elixir and epmd"),
  .serialized)
struct ElixirTermsTests {
  /// A service whose configs hold what no JSON can say.
  private static let service = """
    defmodule Terms.Api do
      def shown(a, b, c, d, e), do: {:ok, inspect([a, b, c, d, e])}
      def all(a, b, c), do: {:ok, inspect([a, b, c], charlists: :as_lists)}
      def may(_request, mode, opts), do: mode == :read and opts == [deep: {1, :two}]
      def nodes(role, opts), do: if(role == :chat and opts == [up: true], do: :persistent_term.get(:terms_nodes), else: [])
      def user(), do: {:ok, %{__struct__: Terms.User, id: 1, hash: "secret", __meta__: %{state: :loaded}}}
      def plain(), do: %{hash: "secret"}
      def one(x), do: {:ok, [x]}
      def failing(), do: {:error, "no such user"}
      def public(user, keys, as), do: Map.new(keys, &{&1, Map.fetch!(user, &1)}) |> Map.put(:as, inspect(as))
      def before(request, config, who, [tag: tag]) do
        cond do
          request.args["x"] == "no" -> {:error, "no quota"}
          request.args["x"] == "secret" -> {:error, {:dsn, "postgres://user:pw@db"}}
          true -> {:ok, %{request | args: %{"x" => [request.args["x"], who, tag, config.request_type]}}, config}
        end
      end
      def later(_request, _config, response), do: %{response | result: %{"seen" => response.result, "ok" => response.success}}
      def broken(_user), do: raise("dsn: postgres://user:pw@db")
    end

    defmodule Terms.Supporter do
      def configs(:main, [only: only], version) do
        base = %{service: :terms, nodes: [Node.self()], timeout: 5_000, response_type: :sync, check_permission: false}
        all = [
          Map.merge(base, %{request_type: "shown", mfa: {Terms.Api, :shown, [:users, {:a, 1}, [limit: 5], ~D[2024-02-29]]}, arg_types: %{"x" => :string}}),
          Map.merge(base, %{request_type: "all", mfa: {Terms.Api, :all, [self(), 'abc', %{1 => :one, "k" => nil}]}}),
          Map.merge(base, %{request_type: "read", mfa: {Terms.Api, :plain, []}, permission_callback: {Terms.Api, :may, [:read, [deep: {1, :two}]]}}),
          Map.merge(base, %{request_type: "write", mfa: {Terms.Api, :plain, []}, permission_callback: {Terms.Api, :may, [:write, []]}}),
          Map.merge(base, %{request_type: "listed", mfa: {Terms.Api, :plain, []}, nodes: {Terms.Api, :nodes, [:chat, [up: true]]}}),
          Map.merge(base, %{request_type: "unlisted", mfa: {Terms.Api, :plain, []}, nodes: {Terms.Api, :nodes, ["chat", []]}}),
          Map.merge(base, %{request_type: "encoded", mfa: {Terms.Api, :user, []}, result_encoder: {Terms.Api, :public, [[:id], {:v, 2}]}}),
          Map.merge(base, %{request_type: "unwrapped", mfa: {Terms.Api, :plain, []}, result_encoder: {Terms.Api, :public, [[:id], {:v, 2}]}}),
          Map.merge(base, %{request_type: "failing", mfa: {Terms.Api, :failing, []}, result_encoder: {Terms.Api, :public, [[:id], nil]}}),
          Map.merge(base, %{request_type: "broken", mfa: {Terms.Api, :user, []}, result_encoder: {Terms.Api, :broken, []}}),
          Map.merge(base, %{request_type: "hooked", mfa: {Terms.Api, :one, []}, arg_types: %{"x" => :any}, before_execute: {Terms.Api, :before, [:gate, [tag: {1}]]}, after_execute: {Terms.Api, :later}}),
        ]
        true = version in [:v, nil]
        {:ok, Enum.filter(all, &(only == :all or &1.request_type in only))}
      end
      def version({:table, :main}), do: :persistent_term.get(:terms_version, "1")
      def pushed(only, more \\\\ []) do
        {:ok, configs} = configs(:main, [only: only], nil)
        %{service: :terms, nodes: [Node.self()], config_version: "1", fun_configs: configs ++ more,
          module: __MODULE__, function: :configs, args: [:main, [only: only], :v],
          version_module: __MODULE__, version_function: :version, version_args: [{:table, :main}]}
      end
      def push(gateway, only, more \\\\ []), do: :rpc.call(gateway, PhoenixGenApi.ConfigReceiver, :push, [pushed(only, more), []])
    end
    :persistent_term.put(:terms_nodes, [Node.self()])
    """

  private static let gateway = Term.atom("gateway@127.0.0.1")
  private static let supporter = "Elixir.Terms.Supporter"
  private static let accepted = Term.tuple([.atom("ok"), .atom("accepted")])

  private func with(_ body: (ElixirPeer) async throws -> Void) async throws {
    try await ElixirPeer.with {
      $0.showsErrorDetail = true
    } _: { peer in
      _ = try await peer.run("Elixir.Code", "eval_string", [.text(ByteText(Self.service))])
      try await body(peer)
    }
  }

  private func call(_ peer: ElixirPeer, _ type: ByteText, _ args: ValueObject = [:]) async -> Response? {
    await peer.gateway.execute(Request(service: "terms", requestType: type, requestID: "r", args: args))
  }

  @Test("arguments of functions and of permission callbacks come back as they were pushed")
  func arguments() async throws {
    try await with { (peer) async throws in
      let names = ["shown", "all", "read", "write"].map { Term.text($0) }
      #expect(try await peer.run(Self.supporter, "push", [Self.gateway, .list(names)]) == Self.accepted)
      #expect(
        await call(peer, "shown", ["x": "y"])?.result
          == "[:users, {:a, 1}, [limit: 5], ~D[2024-02-29], \"y\"]")
      let all = await call(peer, "all")?.result.string?.string ?? ""
      #expect(
        all.hasPrefix("[#PID<") && all.hasSuffix(">, [97, 98, 99], %{1 => :one, \"k\" => nil}]"), "\(all)")
      #expect(await call(peer, "read")?.success == true)
      #expect(await call(peer, "write")?.error == "Permission denied")
    }
  }

  @Test("arguments of pulls and version functions do too")
  func pulls() async throws {
    try await with { (peer) async throws in
      #expect(
        try await peer.run(Self.supporter, "push", [Self.gateway, .list([.text("read")])]) == Self.accepted)
      let puller = peer.gateway.puller
      await puller.pull("terms")
      #expect(peer.gateway.currentState().services.first?.lastError == nil)
      _ = try await peer.run("persistent_term", "put", [.atom("terms_version"), .text("2")])
      await puller.pull("terms")
      #expect(peer.gateway.currentState().services.first?.lastError == nil)
      #expect(puller.version(of: "terms") == "2")
      #expect(await call(peer, "read")?.success == true)
    }
  }

  @Test("a function of the service's lists its nodes, is asked there, and its failure is said")
  func nodes() async throws {
    try await with { (peer) async throws in
      let names = ["listed", "unlisted"].map { Term.text($0) }
      #expect(try await peer.run(Self.supporter, "push", [Self.gateway, .list(names)]) == Self.accepted)
      #expect(await call(peer, "listed")?.result == ["hash": "secret"])
      #expect(await call(peer, "unlisted")?.error?.string.contains("Terms.Api.nodes lists no nodes") == true)
      let flow = await peer.gateway.callFlow(service: "terms", requestType: "listed") as CallFlow
      #expect(flow.nodes == [ByteText(peer.name)] && flow.nodesError == nil)
    }
  }

  @Test("an encoder gets what stands behind :ok, where the function ran, and nothing else")
  func encoder() async throws {
    try await with { (peer) async throws in
      let names = ["encoded", "unwrapped", "failing", "broken"].map { Term.text($0) }
      #expect(try await peer.run(Self.supporter, "push", [Self.gateway, .list(names)]) == Self.accepted)
      // The order of a map's keys is another from OTP 26 on.
      let encoded = await call(peer, "encoded")?.result
      #expect(encoded?["as"] == "{:v, 2}" && encoded?["id"] == 1 && encoded?.object?.count == 2)
      #expect(await call(peer, "unwrapped")?.result == ["hash": "secret"])
      #expect(await call(peer, "failing")?.error?.string.contains("no such user") == true)
      #expect(await call(peer, "broken")?.error?.string.contains("result encoding failed: ") == true)
      peer.gateway.showsErrorDetail = false
      #expect(await call(peer, "broken")?.error == "Internal Server Error")
    }
  }

  @Test("hooks run on the service's node, with structs and their own arguments")
  func hooks() async throws {
    try await with { (peer) async throws in
      #expect(
        try await peer.run(Self.supporter, "push", [Self.gateway, .list([.text("hooked")])]) == Self.accepted)
      let seen = await call(peer, "hooked", ["x": 1])
      #expect(seen?.result == ["ok": true, "seen": [[1, "gate", [1], "hooked"]]], "\(seen as Any)")
      peer.gateway.showsErrorDetail = false
      #expect(await call(peer, "hooked", ["x": "no"])?.error == "hook rejected: no quota")
      #expect(await call(peer, "hooked", ["x": "secret"])?.error == "Internal Server Error")
    }
  }

  @Test("one config that cannot be read keeps none of the others out, and is told")
  func partial() async throws {
    try await with { (peer) async throws in
      let bad = Term.map(TermMap([(key: .atom("request_type"), value: .text("bad"))]))
      let odd = Term.map(
        TermMap([
          (key: .atom("request_type"), value: .text("odd")), (key: .atom("service"), value: .text("terms")),
          (key: .atom("nodes"), value: .list([.atom(ByteText(peer.name))])),
          (
            key: .atom("mfa"),
            value: .tuple([.atom("Elixir.Terms.Api"), .atom("one"), .list([])])
          ),
          (key: .atom("colour"), value: .atom("green")),
          (
            key: .atom("arg_types"),
            value: .map(
              TermMap([
                (
                  key: .text("x"),
                  value: .list([
                    .tuple([.atom("type"), .atom("string")]), .tuple([.atom("allow_nil?"), .atom("true")]),
                    .tuple([.atom("shade"), .integer(3)]),
                  ])
                )
              ]))
          ),
        ]))
      let answer = try await peer.run(
        Self.supporter, "push", [Self.gateway, .list([.text("shown")]), .list([bad, odd])])
      #expect(answer == Self.accepted)
      #expect(await call(peer, "shown", ["x": "y"])?.success == true)
      #expect(await call(peer, "odd", ["x": .null])?.result == [nil])
      let failed = peer.gateway.configs.failedConfigs()
      #expect(failed.map(\.requestType) == ["bad"], "\(failed)")
      let alone = Term.map(
        TermMap([
          (key: .atom("service"), value: .text("others")), (key: .atom("config_version"), value: .text("1")),
          (key: .atom("nodes"), value: .list([.atom(ByteText(peer.name))])),
          (key: .atom("fun_configs"), value: .list([bad])),
        ]))
      let refused = try await peer.run(
        "rpc", "call",
        [Self.gateway, .atom("Elixir.PhoenixGenApi.ConfigReceiver"), .atom("push"), .list([alone])])
      #expect(
        refused.tupleElements?.first == .atom("error")
          && refused.tupleElements?.last?.tupleElements?.first == .atom("all_invalid"), "\(refused)")
    }
  }
}
