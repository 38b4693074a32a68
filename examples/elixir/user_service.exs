# A service node in Elixir, as a user of an Elixir gateway would write it, in one file.
#
#     elixir --name app@127.0.0.1 --cookie demo examples/elixir/user_service.exs gateway@127.0.0.1
#
# With the library phoenix_gen_api the maps below are %FunConfig{} and %PushConfig{}.

defmodule MyApp.Api do
  def get_user(user_id), do: {:ok, %{id: user_id, name: "Alice", at: ~U[2025-01-15 10:30:00Z]}}
  def list_users(limit), do: Enum.map(1..limit, fn i -> %{id: "u_#{i}"} end)
  def fail(reason), do: {:error, reason}
  def raise_error(text), do: raise(text)
  def exit_now(reason), do: exit(reason)
  def slow(ms) do
    Process.sleep(ms)
    {:ok, ms}
  end

  def count(to, info) do
    spawn(fn ->
      for i <- 1..to, do: send(info.stream_pid, {:result, i})
      send(info.stream_pid, :complete)
    end)
    {:ok, :started}
  end

  # What caused the call, for a tracer: a W3C traceparent, where the client told one.
  def cause(info), do: {:ok, Map.get(info, :traceparent)}

  def may_delete(request), do: request.user_id == "admin"
end

defmodule MyApp.GenApi.Supporter do
  def version, do: :persistent_term.get(:config_version, "1.0.0")

  def get_config do
    base = %{
      service: :user_service, nodes: [Node.self()], choose_node_mode: :random, timeout: 5_000,
      response_type: :sync, check_permission: false, version: nil
    }
    {:ok,
     [
       Map.merge(base, %{request_type: "get_user", mfa: {MyApp.Api, :get_user, []}, arg_types: %{"user_id" => :string}, version: "1.0.0"}),
       Map.merge(base, %{request_type: "list_users", mfa: {MyApp.Api, :list_users, []}, arg_types: %{"limit" => :num}}),
       Map.merge(base, %{request_type: "fail", mfa: {MyApp.Api, :fail, []}, arg_types: %{"reason" => {:string, 100}}}),
       Map.merge(base, %{request_type: "raise", mfa: {MyApp.Api, :raise_error, []}, arg_types: %{"text" => [type: :string, max_bytes: 50]}}),
       Map.merge(base, %{request_type: "exit", mfa: {MyApp.Api, :exit_now, []}, arg_types: %{"reason" => :string}}),
       Map.merge(base, %{request_type: "slow", mfa: {MyApp.Api, :slow, []}, arg_types: %{"ms" => :num}, timeout: 200}),
       Map.merge(base, %{request_type: "count", mfa: {MyApp.Api, :count, []}, arg_types: %{"to" => :num}, response_type: :stream, request_info: true}),
       Map.merge(base, %{request_type: "cause", mfa: {MyApp.Api, :cause, []}, request_info: true}),
       Map.merge(base, %{request_type: "delete_user", mfa: {MyApp.Api, :get_user, []}, arg_types: %{"user_id" => :string}, permission_callback: {MyApp.Api, :may_delete, []}})
     ]}
  end

  def push(gateway, opts \\ []) do
    {:ok, configs} = get_config()
    push = %{
      service: :user_service, nodes: [Node.self()], config_version: version(), fun_configs: configs,
      module: __MODULE__, function: :get_config, args: [],
      version_module: __MODULE__, version_function: :version, version_args: [],
      push_token: System.get_env("PUSH_TOKEN")
    }
    :rpc.call(gateway, PhoenixGenApi.ConfigReceiver, :push, [push, opts])
  end

  # A gateway that was restarted has forgotten us: ask now and then, and push again. A hidden one sends no :nodeup.
  def keep_registered(gateway, every_ms \\ 5_000) do
    with false <- :rpc.call(gateway, PhoenixGenApi.ConfigReceiver, :verify, ["user_service", version()]) == {:ok, :matched} do
      IO.inspect(push(gateway), label: "push to #{gateway}")
    end
    Process.sleep(every_ms)
    keep_registered(gateway, every_ms)
  end
end

case System.argv() do
  [gateway] -> MyApp.GenApi.Supporter.keep_registered(String.to_atom(gateway))
  _ -> Process.sleep(:infinity)
end
