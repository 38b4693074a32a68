import ErlangNode
import GenAPIGateway
import GenAPIValue

@testable import GenAPICluster

/// A service in Elixir whose functions do what the client says, in Elixir: so tests see what Elixir itself makes of
/// things.
struct ElixirProbe {
  let peer: ElixirPeer

  /// Loads it into the peer, and pushes its functions to the gateway.
  init(_ peer: ElixirPeer) async throws {
    self.peer = peer
    _ = try await peer.run("Elixir.Code", "compile_string", [.text(ByteText(Self.source))])
    _ = try await peer.run("Elixir.Probe", "push", [.atom("gateway@127.0.0.1")])
  }

  /// A probe in a peer of its own, which ends with `body`.
  static func with(
    _ change: (inout GatewayConfiguration) -> Void = { _ in }, _ body: (ElixirProbe) async throws -> Void
  ) async throws {
    try await ElixirPeer.with(change) { peer in try await body(ElixirProbe(peer)) }
  }

  func call(_ type: ByteText, _ args: ValueObject = [:], id: ByteText = "r", on listener: Listener? = nil)
    async
    -> Response?
  {
    await peer.gateway.execute(
      Request(service: "probe", requestType: type, requestID: id, args: args), on: listener)
  }

  /// What the client gets of a function that returns what this code says.
  func answer(_ code: String) async -> Response? { await call("eval", ["code": .string(ByteText(code))]) }

  /// The service's own opinion of something.
  func elixir(_ code: String) async throws -> Value {
    let term = try await peer.run("Elixir.Code", "eval_string", [.text(ByteText(code))])
    return TermValue.value(term.tupleElements?.first ?? term)
  }

  /// All that a client gets of a stream whose function runs this code; `info` is the request info there.
  func stream(_ code: String, id: ByteText = "s") async -> [Response] {
    let listener = Listener(peer.gateway)
    guard let first = await call("stream", ["code": .string(ByteText(code))], id: id, on: listener) else {
      return []
    }
    var all = [first]
    guard first.success else { return all }
    for await part in listener.stream {
      all.append(part)
      if !part.hasMore { break }
    }
    return all
  }

  private static let source = #"""
    defmodule Decimal do
      defstruct sign: 1, coef: 0, exp: 0
    end

    defmodule Ecto.Schema.Metadata do
      defstruct [:state, :source, :prefix]
    end

    defmodule Ecto.Association.NotLoaded do
      defstruct [:__field__, :__owner__, :__cardinality__]
    end

    defmodule Probe.User do
      defstruct [:__meta__, :id, :name, :posts]
    end

    defmodule Probe do
      def eval(code) do
        {value, _} = Code.eval_string(code)
        value
      end

      def stream(code, info) do
        {value, _} = Code.eval_string(code, info: info)
        value
      end

      # Compiled, so that it is as quick as a service's own.
      def burst(count, part, info) do
        spawn(fn ->
          for i <- 1..count, do: send(info.stream_pid, {:result, {i, part}})
          send(info.stream_pid, :complete)
        end)
        :ok
      end

      def one(a), do: {:ok, inspect(a)}
      def two(a, b), do: {:ok, [inspect(a), inspect(b)]}
      def map(args), do: {:ok, args |> Enum.sort() |> inspect()}
      def later(%DateTime{} = time), do: {:ok, DateTime.add(time, 1, :second)}

      def config(type, function, types, more \\ %{}) do
        Map.merge(%{
          service: :probe, request_type: type, mfa: {__MODULE__, function, []}, arg_types: types,
          nodes: [Node.self()], choose_node_mode: :random, timeout: 20_000, response_type: :sync,
          check_permission: false, version: "1.0.0"
        }, more)
      end

      def configs do
        stream = %{response_type: :stream, request_info: true, timeout: 60_000}
        [
          config("eval", :eval, %{"code" => :string}),
          config("stream", :stream, %{"code" => :string}, stream),
          config("short", :stream, %{"code" => :string}, %{stream | timeout: 1_500}),
          config("datetime", :one, %{"at" => :datetime}),
          config("naive", :one, %{"at" => :naive_datetime}),
          config("date", :one, %{"at" => :date}),
          config("later", :later, %{"at" => :datetime}),
          config("default", :one, %{"at" => [type: :datetime, default_value: "2025-01-15T10:30:00+01:00"]}),
          config("nothing", :one, %{"at" => [type: :datetime, allow_nil?: true]}),
          config("two", :two, %{"at" => :datetime, "text" => :string}, %{arg_orders: ["text", "at"]}),
          config("inferred", :two, %{"at" => :naive_datetime, "text" => :string}),
          config("map", :map, %{"at" => :datetime, "local" => :naive_datetime, "text" => :string}, %{arg_orders: :map}),
          config("fixed", :two, %{"at" => :datetime}, %{mfa: {__MODULE__, :two, [1]}}),
          config("nested", :one, %{"value" => :map}),
          config("flat", :one, %{"value" => {:map, 5}}),
          config("maps", :one, %{"value" => :list_map})
        ]
      end

      def push(gateway) do
        push = %{service: :probe, nodes: [Node.self()], config_version: "1.0.0", fun_configs: configs()}
        {:ok, :accepted} = :rpc.call(gateway, PhoenixGenApi.ConfigReceiver, :push, [push, []])
      end
    end
    """#
}
