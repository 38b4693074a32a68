import GenAPIGateway
import GenAPIValue
import Locking
import TestWaiting
import Testing

@testable import GenAPICluster

@Suite(
  "A stream's process, as Elixir knows one", .enabled(if: ElixirPeer.isInstalled, "needs elixir and epmd"),
  .serialized)
struct ElixirStreamTests {
  private func with(_ body: (ElixirProbe) async throws -> Void) async throws {
    try await ElixirProbe.with({ $0.showsErrorDetail = true }, body)
  }

  private func results(_ responses: [Response]) -> [Value] { responses.map(\.result) }

  @Test("stop_stream ends a stream as complete, called where the function runs and called on the gateway")
  func stop() async throws {
    try await with { (probe) async throws in
      for stop in [
        "GenServer.cast(info.stream_pid, :stop); send(info.stream_pid, {:result, 2})",
        "spawn(fn -> :ok = GenServer.stop(info.stream_pid) end)",
        #"spawn(fn -> :ok = :erpc.call(:"gateway@127.0.0.1", PhoenixGenApi, :stop_stream, [info.stream_pid]) end)"#,
      ] {
        let all = await probe.stream(
          "send(info.stream_pid, {:result, 1}); \(stop); :ok"
        )
        #expect(results(all).first == "init" && all.last?.success == true, "\(stop): \(all)")
        #expect(all.last?.hasMore == false && all.last?.result == .some(.null), "\(stop): \(all)")
        #expect(!results(all).contains(2), "\(stop): \(all)")
      }
      let known = try await probe.elixir(
        #":erpc.call(:"gateway@127.0.0.1", PhoenixGenApi, :stop_stream, ["an id"])"#)
      #expect(known == ["error", "not_found"])
    }
  }

  @Test("a stream ends with an error when a process that is linked to it ends, or somebody ends it")
  func exits() async throws {
    try await with { (probe) async throws in
      for (code, reason) in [
        ("spawn(fn -> Process.link(info.stream_pid); exit(:boom) end)", "boom"),
        ("spawn(fn -> Process.link(info.stream_pid); raise(\"oops\") end)", "oops"),
        ("Process.exit(info.stream_pid, :enough)", "enough"),
        ("Process.exit(info.stream_pid, :kill)", "killed"),
        ("Process.exit(info.stream_pid, :shutdown)", "shutdown"),
        ("spawn(fn -> GenServer.stop(info.stream_pid, :broken) end)", "broken"),
      ] {
        let all = await probe.stream("\(code); :ok")
        #expect(all.last?.success == false, "\(code): \(all)")
        #expect(all.last?.error?.string.contains(reason) == true, "\(code): \(all)")
      }
      // A normal end is none of the stream's business.
      let all = await probe.stream(
        """
        me = self()
        spawn(fn -> Process.link(info.stream_pid); send(me, :linked) end)
        receive do :linked -> :ok end
        Process.exit(info.stream_pid, :normal)
        spawn(fn -> Process.link(info.stream_pid); Process.unlink(info.stream_pid); exit(:boom) end)
        spawn(fn -> Process.sleep(50); send(info.stream_pid, {:last_result, 7}) end)
        :ok
        """)
      #expect(results(all) == ["init", 7])
    }
  }

  /// A process that is linked to the stream and watches it, and keeps what it is told.
  private static let witness = """
    me = self()
    spawn(fn ->
      Process.flag(:trap_exit, true)
      Process.link(info.stream_pid)
      Process.monitor(info.stream_pid)
      :persistent_term.put(:watching, true)
      send(me, :ready)
      told = for _ <- 1..2 do
        receive do
          {:EXIT, _, reason} -> {:exit, reason}
          {:DOWN, _, :process, _, reason} -> {:down, reason}
        end
      end
      :persistent_term.put(:told, told)
    end)
    receive do :ready -> :ok end
    """

  @Test("processes that are linked to a stream or watch it are told of its end, and why")
  func told() async throws {
    try await with { (probe) async throws in
      func told(_ reason: String) async throws {
        let expected = "[down: \(reason), exit: \(reason)]"
        try await eventually {
          try await probe.elixir(":persistent_term.get(:told, nil) != nil") == true
        }
        let text = try await probe.elixir("inspect(Enum.sort(:persistent_term.get(:told)))")
        #expect(text == .string(ByteText(expected)), "\(reason)")
        _ = try await probe.elixir(":persistent_term.erase(:told)")
      }
      _ = await probe.stream("\(Self.witness); send(info.stream_pid, :complete); :ok")
      try await told(":normal")
      _ = await probe.stream("\(Self.witness); send(info.stream_pid, {:error, \"no\"}); :ok")
      try await told(":normal")
      _ = await probe.stream("\(Self.witness); Process.exit(info.stream_pid, :enough); :ok")
      try await told(":enough")
      _ = await probe.stream("\(Self.witness); Process.exit(info.stream_pid, :kill); :ok")
      try await told(":killed")
      // The client stops it, is gone, or it takes too long.
      let gateway = probe.peer.gateway
      func begin(_ type: ByteText, _ id: ByteText) async throws -> Listener {
        _ = try await probe.elixir(":persistent_term.erase(:watching)")
        let listener = Listener(gateway)
        let code = ByteText("\(Self.witness); :ok")
        #expect(await probe.call(type, ["code": .string(code)], id: id, on: listener)?.result == "init")
        try await eventually { try await probe.elixir(":persistent_term.get(:watching, false)") == true }
        return listener
      }
      let stopping = try await begin("stream", "stopped")
      #expect(gateway.stopStream(requestID: "stopped", on: stopping.connectionID))
      try await told(":normal")
      let leaving = try await begin("stream", "gone")
      gateway.connectionClosed(leaving.connectionID, reason: "test")
      try await told(":shutdown")
      let staying = try await begin("short", "late")
      try await told(":timeout")
      withExtendedLifetime(staying) {}
      // Who comes too late is told so. The client reads the end of its stream before the process has ended, so the first that
      // watches may still see it end; after that it is gone.
      _ = await probe.stream(
        ":persistent_term.put(:pid, info.stream_pid); send(info.stream_pid, :complete); :ok")
      let late = try await probe.elixir(
        """
        told = fn ->
          ref = Process.monitor(:persistent_term.get(:pid))
          receive do {:DOWN, ^ref, :process, _, reason} -> reason after 5_000 -> :nothing end
        end
        told.()
        told.()
        """)
      #expect(late == "noproc")
    }
  }

  @Test("what the function returns at the start is the first part, when it is anything that a client can use")
  func startValue() async throws {
    try await with { (probe) async throws in
      for (value, parts) in [
        ("{:ok, %{total: 3}}", [["total": 3]]), ("[1]", [[1]]), ("{:ok, \"x\"}", ["x"]), ("{:ok, 0}", [0]),
        (":ok", []), ("nil", []), ("{:ok, :started}", []), ("{:ok, nil}", []), ("{:ok, self()}", []),
        ("self()", []), ("{:ok, make_ref()}", []),
      ] as [(String, [Value])] {
        let all = await probe.stream(
          "send(info.stream_pid, {:result, 1}); send(info.stream_pid, {:last_result, 2}); \(value)")
        #expect(results(all) == ["init"] + parts + [1, 2], "\(value)")
      }
      let failed = await probe.stream("send(info.stream_pid, {:result, 1}); {:error, :no, 1}")
      #expect(failed.last?.success == false && !results(failed).contains(1), "\(failed)")
    }
  }

  @Test("every part of a tight loop arrives, in its order")
  func burst() async throws {
    try await with { (probe) async throws in
      let count: Int64 = 30_000
      let all = await probe.stream("Probe.burst(\(count), nil, info)")
      #expect(all.last?.success == true && all.count == Int(count) + 2, "\(all.count), \(all.last as Any)")
      #expect(all.dropFirst().dropLast().map { $0.result.array?.first?.int } == (1...count).map { $0 })
    }
  }

  @Test("a stream that its client does not take ends with one clear error, and holds up nobody else")
  func slow() async throws {
    try await with { (probe) async throws in
      let gateway = probe.peer.gateway
      for (count, part) in [
        (RemoteStreams.mostParts + 10_000, "nil"), (40, "String.duplicate(\"x\", 1_000_000)"),
      ] {
        let client = IdleClient(gateway)
        let code = "Probe.burst(\(count), \(part), info)"
        let first = await gateway.execute(
          Request(
            service: "probe", requestType: "stream", requestID: "slow",
            args: ["code": .string(ByteText(code))]), on: client)
        #expect(first?.result == "init")
        // It is answered although more is under way than the client takes.
        #expect(await probe.call("eval", ["code": "1"])?.result == 1)
        try await eventually { client.last?.hasMore == false }
        #expect(client.last?.error == RemoteStreams.tooFast.reason, "\(part): \(client.last as Any)")
        #expect(await probe.call("eval", ["code": "2"])?.result == 2)
        gateway.connectionClosed(client.connectionID, reason: "test")
      }
    }
  }
}

/// Takes no part of a stream.
private final class IdleClient: ClientConnection {
  let connectionID: ConnectionID
  private let responses = Mutex<[Response]>([])
  private let room = StreamRoom()

  init(_ gateway: Gateway) {
    connectionID = gateway.newConnectionID()
    room.set(full: true)
    gateway.connectionOpened(connectionID, transport: "test", identity: ClientIdentity())
  }

  var last: Response? { responses.withLock { $0.last } }

  func push(_ response: Response) { responses.withLock { $0.append(response) } }
  func waitForRoom() async { await room.wait() }
}
