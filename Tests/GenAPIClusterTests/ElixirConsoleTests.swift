import ErlangNode
import GenAPIGateway
import GenAPIValue
import TestWaiting
import Testing

@testable import GenAPICluster

/// What a person at the console of an Elixir service node sees.
@Suite(
  "With the console of a real Elixir node", .enabled(if: ElixirPeer.isInstalled, "needs elixir and epmd"),
  .serialized
)
struct ElixirConsoleTests {
  /// Structs of a library that knows no `hook_timeout`, and a field that nobody here knows.
  private static let structs = """
    defmodule PhoenixGenApi.Structs.FunConfig do
      defstruct [:request_type, :service, :nodes, :choose_node_mode, :timeout, :mfa, :arg_types, :arg_orders,
        :response_type, request_info: false, check_permission: false, permission_callback: nil, version: nil,
        disabled: false, retry: nil, before_execute: nil, after_execute: nil, of_tomorrow: :unset]
    end
    defmodule PhoenixGenApi.Structs.PushConfig do
      defstruct [:service, :nodes, :config_version, :fun_configs, :module, :function, :version_module,
        :version_function, args: [], version_args: [], push_token: nil]
    end
    defmodule PhoenixGenApi.ConfigReceiver do
      def verify(_, _), do: {:error, :not_found}
      def push(%PhoenixGenApi.Structs.PushConfig{fun_configs: [%PhoenixGenApi.Structs.FunConfig{} | _]} = push, _) do
        :persistent_term.put(:pushed, push)
        {:ok, :accepted}
      end
      def push(_, _), do: {:error, :invalid_push_config_data}
    end
    """

  private func with(
    _ change: (inout GatewayConfiguration) -> Void = { _ in },
    _ body: (ElixirPeer, (String) async throws -> Term) async throws -> Void
  ) async throws {
    try await ElixirPeer.with(change) { peer in
      try await body(peer) { code in
        let answer = try await peer.run("Elixir.Code", "eval_string", [.text(ByteText(code))])
        return answer.tupleElements?.first ?? answer
      }
    }
  }

  @Test("what is called with erpc prints at the caller's console, and answers :ok; a refusal says why")
  func prints() async throws {
    try await with {
      $0.rateLimiter.globalLimits = [.global(key: "user_id", maxRequests: 3, window: .seconds(1))]
    } _: { _, evaluate in
      let printed = try await evaluate(
        """
        Application.ensure_all_started(:ex_unit)
        import ExUnit.CaptureIO
        gw = :"gateway@127.0.0.1"
        text = capture_io(fn ->
          :ok = :erpc.call(gw, PhoenixGenApi, :rl_status, ["user_123"])
          :ok = :rpc.call(gw, PhoenixGenApi, :pool_status, [])
          {:error, :admin_action_denied} = :erpc.call(gw, PhoenixGenApi.ConfigDb, :disable, ["s", "t", "1.0.0"])
        end)
        text
        """)
      let text = printed.text?.string ?? ""
      #expect(text.contains("global  0/3   3 left"), "\(text)")
      #expect(text.contains("async_pool") && text.contains("stream_pool"))
      #expect(
        text.contains(
          "gateway@127.0.0.1: change_functions is not allowed: gateway.admin_actions does not list it"),
        "\(text)")
    }
  }

  @Test(
    "configs are the structs of the library at that node, field by field, and an error raises as it would there"
  )
  func structs() async throws {
    try await with { peer, evaluate in
      _ = try await peer.run("Elixir.MyApp.GenApi.Supporter", "push", [.atom("gateway@127.0.0.1")])
      _ = try await evaluate(Self.structs)
      let isRight = try await evaluate(
        """
        alias PhoenixGenApi.Structs.{FunConfig, PushConfig}
        gw = :"gateway@127.0.0.1"
        {:ok, config} = :erpc.call(gw, PhoenixGenApi.ConfigDb, :get_latest, ["user_service", "get_user"])
        %{__struct__: FunConfig, mfa: {MyApp.Api, :get_user, []}, nodes: [node], version: "1.0.0"} = config
        true = node == Node.self() and config.of_tomorrow == :unset
        true = Map.keys(config) == Map.keys(FunConfig.__struct__())
        true = String.starts_with?(inspect(config), "%PhoenixGenApi.Structs.FunConfig{")
        push = :erpc.call(gw, PhoenixGenApi.ConfigReceiver, :get_pushed_config, ["user_service"])
        %{__struct__: PushConfig, module: MyApp.GenApi.Supporter, function: :get_config, push_token: nil} = push
        9 = length(push.fun_configs)
        true = Enum.all?(push.fun_configs, &is_struct(&1, FunConfig))
        %{status: :ok, pushed_services: %{"user_service" => "1.0.0"}} =
          :erpc.call(gw, PhoenixGenApi.ConfigReceiver, :status, [])
        %{local?: false, steps: [%{phase: :channel} | _], reachable_nodes: [^node]} =
          :erpc.call(gw, PhoenixGenApi, :call_flow, ["user_service", "get_user"])
        %{status: _, checks: %{vm: %{memory: %{total: _}}}} = :erpc.call(gw, PhoenixGenApi, :health_check, [])
        {:raised, "a pool is" <> _} =
          try do
            :erpc.call(gw, PhoenixGenApi.WorkerPool, :status, [:other])
          rescue
            e -> {:raised, e |> Map.get(:original, e) |> then(fn %{message: m} -> m; {:exception, %{message: m}, _} -> m; %ArgumentError{message: m} -> m end)}
          end
        """)
      #expect(isRight.tupleElements?.first == .atom("raised"), "\(isRight)")
    }
  }

  @Test("members' roles are a MapSet, and their times a DateTime")
  func relay() async throws {
    try await with { peer, evaluate in
      let listener = Listener(peer.gateway)
      try peer.gateway.relay.createGroup(groupID: "g", type: .public, creator: "ann", connection: listener)
      let isRight = try await evaluate(
        """
        {:ok, %{group_type: :public, members: %{"ann" => ann}}} =
          :erpc.call(:"gateway@127.0.0.1", PhoenixGenApi.Relay, :get_group_info, ["g"])
        true = MapSet.equal?(ann.roles, MapSet.new([:admin])) and ann.status == :active
        DateTime.diff(DateTime.utc_now(), ann.joined_at) in 0..60
        """)
      #expect(isRight == .atom("true"))
    }
  }

  @Test("processes are members of a group: they get what is relayed, and leave when they end")
  func processes() async throws {
    try await with {
      $0.adminActions = [.changeGroups]
    } _: { peer, evaluate in
      let isRight = try await evaluate(
        """
        relay = fn function, args -> :erpc.call(:"gateway@127.0.0.1", PhoenixGenApi.Relay, function, args) end
        member = fn -> spawn(fn -> receive do message -> :persistent_term.put(:relayed, message) end; receive do :end -> :ok end end) end
        {ann, bob} = {member.(), member.()}
        :persistent_term.put(:bob, bob)
        :ok = relay.(:create_group, ["g", :private, "ann", ann])
        {:error, :already_exists} = relay.(:create_group, ["g", :public, "bob", bob])
        {:ok, :pending} = relay.(:join_group, ["g", "bob", bob])
        {:error, :already_member} = relay.(:join_group, ["g", "bob", bob])
        {:error, :not_found} = relay.(:join_group, ["none", "bob", bob])
        :ok = relay.(:accept_member, ["g", "ann", "bob"])
        true
        """)
      #expect(isRight == .atom("true"))
      let relay = peer.gateway.relay
      #expect(try relay.send(groupID: "g", from: "ann", message: ["hi": 1], requestID: "r") == 2)
      try await eventually {
        try await evaluate(
          """
          match?({:relay_message, %{request_id: "r", success: true, result: %{"message" => %{"hi" => 1}, "from_user_id" => "ann"}}},
            :persistent_term.get(:relayed, nil))
          """) == .atom("true")
      }
      _ = try await evaluate("send(:persistent_term.get(:bob), :end)")
      try await eventually { try relay.groupInfo(groupID: "g").members["bob"] == nil }
      let dead = try await evaluate(
        """
        {pid, ref} = spawn_monitor(fn -> :ok end)
        receive do {:DOWN, ^ref, _, _, _} -> :ok end
        :erpc.call(:"gateway@127.0.0.1", PhoenixGenApi.Relay, :join_group, ["g", "late", pid])
        """)
      // It may be told only after it joined that the process is gone.
      #expect(dead.tupleElements?.count == 2)
      try await eventually { try relay.groupInfo(groupID: "g").members["late"] == nil }
    }
  }

  @Test("a Swift service pushes to an Elixir gateway what it takes for its own structs")
  func pushes() async throws {
    try await with { peer, evaluate in
      _ = try await evaluate(Self.structs)
      var configuration = LocalNodeConfiguration(name: "swift@127.0.0.1", cookie: Cookie("secret"))
      configuration.epmd = peer.gatewayNode.configuration.epmd
      configuration.logger.logLevel = .critical
      let service = try ServiceNode(
        configuration,
        ServiceEndpoints("sums") {
          Endpoint("add", Argument("a", Int.self), Argument("b", Int.self)) { a, b in a + b }
          Endpoint("none") { 1 }
        }, version: "1.0.0", token: "secret")
      try await service.node.start()
      try await service.push(to: "app@127.0.0.1")
      let isRight = try await evaluate(
        """
        push = :persistent_term.get(:pushed)
        %{service: "sums", nodes: [:"swift@127.0.0.1"], config_version: "1.0.0", push_token: "secret", module: nil} = push
        [add, none] = push.fun_configs
        {:"Elixir.Swift.sums", :add, []} = add.mfa
        ["a", "b"] = add.arg_orders
        %{"a" => [type: :num, whole: true]} = add.arg_types
        %{timeout: 5000, response_type: :sync, choose_node_mode: :random, check_permission: false} = add
        true = add.request_info and none.arg_types == %{} and none.arg_orders == []
        {:ok, [%{__struct__: PhoenixGenApi.Structs.FunConfig} = pulled | _]} =
          :erpc.call(:"swift@127.0.0.1", GenAPI.Service, :get_config, [])
        pulled == add and Map.keys(add) == Map.keys(PhoenixGenApi.Structs.FunConfig.__struct__())
        """)
      #expect(isRight == .atom("true"), "\(isRight)")
      await service.node.stop()
    }
  }
}
