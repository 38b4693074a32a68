# A stand-in of a gateway of the Elixir library PhoenixGenApi, as far as one sees from outside: the names of its processes and tables, and
# its events. It obeys words of its standard input, one a line, and answers each with a line:
#
#     load N     so many requests by eight processes: how many began, ended well, failed and were refused
#     traffic N  some requests every 10 ms from now on, N of them each time
#     overload N eight processes send requests for N seconds: how many began, ended well, failed and were refused
#     counts     how many atoms, processes, tables and modules there are
#     hostile X  an agent is loaded that answers nonsense, or (flood) sends it
#     left       whether anything of an agent is here: handlers, module, processes
#     connect X  the node connects to another
#     deafen X   a process does not answer any more
#     functions N  there are so many more
#     hidden     how many hidden nodes are connected
#     version X  the library's version is another
#     stop       the library's application stops, start brings it back
defmodule StandIn.Pool do
  use GenServer
  def start_link(name), do: GenServer.start_link(__MODULE__, name, name: name)
  def init(name), do: {:ok, name}
  def handle_call(:status, _from, name) do
    {:reply, %{idle_workers: 98, busy_workers: 2, queued_tasks: 1, circuit_open: false, total_tasks_executed: 8, total_tasks_failed: 0}, name}
  end
end

defmodule StandIn.Answers do
  use GenServer
  def start_link({name, answers}), do: GenServer.start_link(__MODULE__, answers, name: name)
  def init(answers), do: {:ok, answers}
  def handle_call(request, _from, answers), do: {:reply, Map.fetch!(answers, request), answers}
end

defmodule StandIn.Tables do
  use GenServer
  def start_link(_), do: GenServer.start_link(__MODULE__, nil)

  def init(_) do
    :ets.new(PhoenixGenApi.ConfigDb, [:named_table, :public])
    config = %{nodes: [:"users@127.0.0.1"], choose_node_mode: :random, timeout: 5000, response_type: :sync, retry: {:same_node, 2},
               check_permission: false, permission_callback: nil, before_execute: {Hooks, :quota}, after_execute: nil, disabled: false}
    for {service, type} <- [{"user_service", "get_user"}, {"user_service", "list_users"}, {"order_service", "create_order"}] do
      :ets.insert(PhoenixGenApi.ConfigDb, {{service, type, "1.0.0"}, config})
    end
    :ets.new(:rate_limiter_global, [:named_table, :public])
    :ets.new(:rate_limiter_api, [:named_table, :public])
    now = :erlang.monotonic_time(:millisecond)
    :ets.insert(:rate_limiter_global, {"u_7", [now, now - 10, now - 100_000_000]})
    :ets.new(:phoenix_gen_api_relay_groups, [:named_table, :public])
    :ets.insert(:phoenix_gen_api_relay_groups, {"room_1", :public, %{
      "u_1" => %{roles: MapSet.new([:admin]), status: :active, joined_at: DateTime.utc_now()},
      "u_2" => %{roles: MapSet.new([:member]), status: :muted, joined_at: DateTime.utc_now()}}})
    {:ok, nil}
  end
end

defmodule StandIn.Library do
  def start do
    limits = %{global: %{user_id: %{key: :user_id, max_requests: 5, window_ms: 60_000}}, api: %{}}
    {:ok, _} = Supervisor.start_link([
      StandIn.Tables,
      Supervisor.child_spec({StandIn.Pool, :async_pool}, id: :async_pool),
      Supervisor.child_spec({StandIn.Pool, :stream_pool}, id: :stream_pool),
      Supervisor.child_spec({StandIn.Answers, {:rate_limiter_instance_0, %{get_configured_limits: limits}}}, id: :limits),
      Supervisor.child_spec({StandIn.Answers, {PhoenixGenApi.ConfigPuller,
        %{get_services: %{"user_service" => %{}}, get_all_versions: %{"user_service" => "7"}}}}, id: :puller),
      Supervisor.child_spec({StandIn.Answers, {PhoenixGenApi.ConfigReceiver, %{get_all_pushed_services: %{"order_service" => "3"}}}}, id: :receiver)
    ], strategy: :one_for_one, name: PhoenixGenApi.Supervisor)
    :ok
  end

  def stop, do: Supervisor.stop(PhoenixGenApi.Supervisor)
end

defmodule StandIn.Traffic do
  @functions [{"user_service", "get_user"}, {"user_service", "list_users"}, {"order_service", "create_order"}]

  defp emit(path, measurements, metadata), do: :telemetry.execute([:phoenix_gen_api | path], measurements, metadata)

  # What a request of the real library emits, by how it ends.
  def request(n) do
    {service, type} = Enum.at(@functions, rem(n, 3))
    ids = %{request_id: "req_#{n}", request_type: type, service: service, user_id: "u_#{rem(n, 40)}"}
    us = 100 + rem(n * 7919, 20_000)
    emit([:executor, :request, :start], %{system_time: System.system_time()}, ids)
    case rem(n, 20) do
      3 ->
        # Its key is the client's, as the library has it.
        limit = %{key: ids.user_id, scope: :global, max_requests: 5, current_requests: 5, window_ms: 60_000, retry_after_ms: 900}
        emit([:rate_limiter, :check], %{duration_us: 5}, Map.merge(ids, %{instance: 0, result: {:error, :rate_limited, limit}}))
        emit([:rate_limiter, :exceeded], %{retry_after_ms: 900},
             Map.merge(Map.take(limit, [:key, :scope, :max_requests, :current_requests]), Map.take(ids, [:request_id, :user_id])))
        emit([:executor, :request, :stop], %{duration_us: us}, Map.merge(ids, %{success: false, async: false}))
        :rejected
      7 ->
        emit([:rate_limiter, :check], %{duration_us: 5}, Map.merge(ids, %{instance: 0, result: :ok}))
        emit([:executor, :retry], %{attempt: 2, backoff_ms: 5}, %{mode: :same_node, type: :local})
        emit([:executor, :retry, :exhausted], %{}, %{request_id: ids.request_id, mode: {:same_node, 2}, last_error: "{:error, :timeout}"})
        emit([:executor, :request, :stop], %{duration_us: us}, Map.merge(ids, %{success: false, async: false}))
        :failed
      _ ->
        emit([:rate_limiter, :check], %{duration_us: 5}, Map.merge(ids, %{instance: 0, result: :ok}))
        emit([:worker_pool, :task, :start], %{system_time: System.system_time()}, %{pool_name: :async_pool})
        emit([:worker_pool, :task, :stop], %{duration_us: us}, %{pool_name: :async_pool})
        emit([:executor, :request, :stop], %{duration_us: us}, Map.merge(ids, %{success: true, async: false}))
        :ok
    end
  end

  def load(n) do
    by_eight(fn k -> Enum.frequencies(for i <- k..(n - 1)//8, do: request(i)) end)
  end

  def overload(seconds) do
    till = :erlang.monotonic_time(:millisecond) + seconds * 1000
    by_eight(fn k ->
      Enum.reduce_while(Stream.iterate(k, & &1 + 8), %{}, fn i, counts ->
        if rem(i, 800) < 8 and :erlang.monotonic_time(:millisecond) >= till, do: {:halt, counts},
          else: {:cont, Map.update(counts, request(i), 1, & &1 + 1)}
      end)
    end)
  end

  defp by_eight(work) do
    counts = 0..7 |> Enum.map(fn k -> Task.async(fn -> work.(k) end) end) |> Enum.map(&Task.await(&1, 120_000))
             |> Enum.reduce(%{}, &Map.merge(&1, &2, fn _, a, b -> a + b end))
    [ok, failed, rejected] = for how <- [:ok, :failed, :rejected], do: Map.get(counts, how, 0)
    "#{ok + failed + rejected} #{ok} #{failed} #{rejected}"
  end

  def forever(each, n \\ 0) do
    for i <- n..(n + each - 1), do: request(i)
    Process.sleep(10)
    forever(each, n + each)
  end
end

defmodule StandIn do
  @agent :genapi_agent_1

  def obey(["load", n]), do: StandIn.Traffic.load(String.to_integer(n))
  def obey(["traffic", n]) do
    spawn(fn -> StandIn.Traffic.forever(String.to_integer(n)) end)
    "ok"
  end
  def obey(["overload", n]), do: StandIn.Traffic.overload(String.to_integer(n))
  def obey(["counts"]) do
    "#{:erlang.system_info(:atom_count)} #{length(Process.list())} #{length(:ets.all())} #{length(:code.all_loaded())}"
  end
  def obey(["hostile", how]) do
    flood = fn flood, watcher, n ->
      for message <- [:x, {:genapi_events, :x, -1}, {:genapi_events, [{n, n, n, n, n, n}], n}, {:genapi_part, n, :functions, :first, [n]},
                      {:genapi_part, n, :series, :next, [{1, 2, 3}, {}]}, {:genapi_state, n, []}, {:genapi_state, :x, %{events: n}},
                      {:genapi_part, 0, :relay, :next, List.duplicate({"g", :public, 1, 1, 1, []}, 1000)}], do: send(watcher, message)
      flood.(flood, watcher, n + 1)
    end
    answer = if how == "flood", do: {:ok, :flood}, else: {"no", [1.5, %{}], how}
    :persistent_term.put(:hostile, {answer, flood})
    Code.compile_string("""
    defmodule :genapi_agent_1 do
      def start(watcher, _) do
        case :persistent_term.get(:hostile) do
          {{:ok, :flood}, flood} -> {:ok, spawn(fn -> flood.(flood, watcher, 0) end)}
          {answer, _} -> answer
        end
      end
    end
    """)
    "ok"
  end
  def obey(["left"]) do
    handlers = length(:telemetry.list_handlers([:phoenix_gen_api]))
    processes = Enum.count(Process.list(), &(Process.info(&1, :initial_call) in [{:initial_call, {@agent, :run, 1}}, {:initial_call, {@agent, :keep, 1}},
                                                                                {:initial_call, {@agent, :read, 3}}]))
    loaded = :code.is_loaded(@agent) != false or :erlang.check_old_code(@agent)
    "#{handlers} #{loaded} #{processes}"
  end
  def obey(["connect", node]), do: "#{Node.connect(String.to_atom(node))}"
  def obey(["deafen", name]), do: to_string(:sys.suspend(String.to_atom(name)))
  def obey(["functions", n]) do
    [{_, config} | _] = :ets.tab2list(PhoenixGenApi.ConfigDb)
    for i <- 1..String.to_integer(n), do: :ets.insert(PhoenixGenApi.ConfigDb, {{"large_service", "function_#{i}", "1.0.0"}, config})
    "ok"
  end
  def obey(["hidden"]), do: "#{length(Node.list(:hidden))}"
  def obey(["version", version]) do
    :application.unload(:phoenix_gen_api)
    to_string(:application.load({:application, :phoenix_gen_api, [vsn: String.to_charlist(version)]}))
  end
  def obey(["stop"]), do: to_string(StandIn.Library.stop())
  def obey(["start"]), do: to_string(StandIn.Library.start())
  def obey(_), do: "unknown"

  def serve do
    case IO.gets("") do
      line when is_binary(line) ->
        IO.puts("answer: " <> obey(String.split(line)))
        serve()
      _ -> System.halt(0)
    end
  end
end

:telemetry.up()
Process.register(spawn(fn -> Process.sleep(:infinity) end), :telemetry_sup)
:ok = StandIn.Library.start()
case System.argv() do
  ["traffic" | _] ->
    spawn(fn -> StandIn.Traffic.forever(5) end)
    Process.sleep(:infinity)
  _ ->
    IO.puts("answer: ready")
    StandIn.serve()
end
