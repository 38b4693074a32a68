import GenAPIGateway
import GenAPITelemetry
import GenAPIValue
import Locking
import TestWaiting
import Testing

@testable import GenAPICluster

@Suite(
  "What Elixir functions return", .enabled(if: ElixirPeer.isInstalled, "needs elixir and epmd"), .serialized)
struct ElixirResultTests {
  @Test("what has no form in JSON comes as a text or a list that a client can use, and nothing of Ecto's own")
  func structs() async throws {
    let expected: [(String, Value)] = [
      (#"%Decimal{sign: 1, coef: 12345, exp: -2}"#, "123.45"),
      (#"%Decimal{sign: -1, coef: 5, exp: -3}"#, "-0.005"),
      (#"%Decimal{sign: 1, coef: 1, exp: -10}"#, "1E-10"),
      (#"%Decimal{sign: 1, coef: 12, exp: 1_000_000_000}"#, "1.2E+1000000001"),
      (#"%Decimal{sign: -1, coef: :NaN, exp: 0}"#, "-NaN"),
      (#"%Decimal{sign: 1, coef: :inf, exp: 0}"#, "Infinity"),
      (#"%Decimal{sign: 1, coef: 123456789012345678901234567890, exp: 0}"#, "123456789012345678901234567890"),
      (#"MapSet.new(["a"])"#, ["a"]),
      (#"Enum.count(MapSet.new(1..40))"#, 40),
      (#"1..10"#, "1..10"),
      (#"10..1//-2"#, "10..1//-2"),
      (#"Date.new!(-1, 2, 3)"#, "-0001-02-03"),
      (#"~D[2025-01-15]"#, "2025-01-15"),
      (#"~T[10:30:00.05]"#, "10:30:00.05"),
      (#"NaiveDateTime.new!(Date.new!(-44, 3, 15), ~T[12:00:00])"#, "-0044-03-15T12:00:00"),
      (#"DateTime.new!(Date.new!(-44, 3, 15), ~T[12:00:00])"#, "-0044-03-15T12:00:00Z"),
      (
        #"""
        %Probe.User{
          id: 1, name: "Ann",
          __meta__: %Ecto.Schema.Metadata{state: :loaded, source: "secret"},
          posts: %Ecto.Association.NotLoaded{__field__: :posts, __owner__: Probe.User, __cardinality__: :many}
        }
        """#, ["id": 1, "name": "Ann", "posts": nil]
      ),
      (
        #"Map.from_struct(%Probe.User{id: 1, __meta__: %Ecto.Schema.Metadata{source: "secret"}})"#,
        ["id": 1, "name": nil, "posts": nil]
      ),
      (#"%{"__typename" => "User"}"#, ["__typename": "User"]),
      (#"%RuntimeError{message: "no"}"#, ["message": "no"]),
    ]
    try await ElixirProbe.with { (probe) async throws in
      for (code, value) in expected {
        for form in [code, "{:ok, \(code)}"] {
          let response = await probe.answer(form)
          #expect(response?.result == value, "\(form): \(response as Any)")
        }
        let nested = await probe.answer("[%{k: \(code)}]")
        #expect(nested?.result == [["k": value]], "\(code): \(nested as Any)")
      }
      let set = await probe.answer("MapSet.new(1..40)")
      #expect(set?.result.array?.compactMap(\.int).sorted() == Array(1...40))
    }
  }

  private static let failures = [
    #"{:error, "secret"}"#, #"{:error}"#, #"{:error, :secret, "secret"}"#,
    #"{:error, "secret", %{a: "secret"}, 3}"#, #"{:badrpc, :secret}"#,
    #"{:badrpc, {:EXIT, {:secret, []}}}"#, #"{:exit, :secret}"#, #"{:EXIT, :secret}"#, #"{:ok, "secret", 1}"#,
    #"{:ok}"#, #"{}"#, #"{"secret", 1}"#, #"{:not_found, "secret"}"#,
  ]

  @Test("every tuple but {:ok, value} is a failure, and shows nothing of what is in it while details are off")
  func failures() async throws {
    for isShown in [false, true] {
      try await ElixirProbe.with {
        $0.showsErrorDetail = isShown
      } _: { (probe) async throws in
        let reasons = Reasons()
        try probe.peer.gateway.bus.attach("reasons", to: .names(.executorRequestStop)) { reasons.took($0) }
        for code in Self.failures {
          let response = await probe.answer(code)
          #expect(
            response?.success == false && response?.result == .some(.null), "\(code): \(response as Any)")
          let text = response?.error
          #expect(
            isShown ? text != "Internal Server Error" : text == "Internal Server Error",
            "\(code): \(text as Any)")
          try await eventually { reasons.last != nil }
          let reason = try #require(reasons.takeLast(), "\(code)")
          #expect(!code.contains("secret") || reason.string.contains("secret"), "\(code): \(reason)")
        }
        #expect(await probe.answer("nil")?.result == .null)
        #expect(await probe.answer("[1, {2, 3}]")?.result == [1, [2, 3]])
      }
    }
  }

  @Test("what a function throws is its answer, as rpc gives it to a gateway in Elixir; what it raises is not")
  func thrown() async throws {
    try await ElixirProbe.with { (probe) async throws in
      #expect(await probe.answer("throw(1)")?.result == 1)
      #expect(await probe.answer("throw({:ok, :early})")?.result == "early")
      for code in ["throw({:error, :early})", "throw({1, 2})", "raise(\"no\")", "exit(:no)"] {
        let response = await probe.answer(code)
        #expect(response?.success == false && response?.error == "Internal Server Error", "\(code)")
      }
      let parts = await probe.stream("send(info.stream_pid, :complete); throw({:ok, [1]})")
      #expect(parts.map(\.result) == ["init", [1], nil])
    }
  }
}

/// Why requests failed, as the operator reads it.
private final class Reasons: Sendable {
  private let texts = Mutex<[ByteText]>([])

  var last: ByteText? { texts.withLock { $0.last } }

  func takeLast() -> ByteText? { texts.withLock { $0.popLast() } }

  func took(_ emitted: EmittedEvent) {
    guard case .requestStop(let stop) = emitted.event, let error = stop.error else { return }
    texts.withLock { $0.append(error) }
  }
}
