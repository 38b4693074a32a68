import GenAPIGateway
import GenAPIValue
import Testing

@testable import GenAPICluster

@Suite(
  "Times on their way to Elixir", .enabled(if: ElixirPeer.isInstalled, "needs elixir and epmd"), .serialized)
struct ElixirTimesTests {
  @Test(
    "an argument that is a time reaches Elixir as its struct, whatever the order and form of the arguments")
  func arguments() async throws {
    try await ElixirProbe.with { (probe) async throws in
      func result(_ type: ByteText, _ args: ValueObject) async -> Value? {
        let response = await probe.call(type, args)
        return response?.success == true ? response?.result : response?.error.map(Value.string)
      }
      #expect(await result("datetime", ["at": "2025-01-15T10:30:00Z"]) == "~U[2025-01-15 10:30:00Z]")
      #expect(
        await result("datetime", ["at": "2025-01-15T10:30:00.120+01:00"]) == "~U[2025-01-15 09:30:00.120Z]")
      #expect(
        await result("datetime", ["at": "2025-01-15T10:30:00.123456789Z"])
          == "~U[2025-01-15 10:30:00.123456Z]")
      #expect(
        await result("datetime", ["at": "0000-01-01T00:00:00+01:00"]) == "~U[-0001-12-31 23:00:00Z]")
      #expect(await result("naive", ["at": "2025-01-15T10:30:00"]) == "~N[2025-01-15 10:30:00]")
      #expect(await result("naive", ["at": "2025-01-15T10:30:00.5+01:00"]) == "~N[2025-01-15 10:30:00.5]")
      #expect(await result("later", ["at": "2025-12-31T23:59:59Z"]) == "2026-01-01T00:00:00Z")
      #expect(await result("date", ["at": "2025-01-15"]) == "~D[2025-01-15]")
      #expect(await result("default", [:]) == "~U[2025-01-15 09:30:00Z]")
      #expect(await result("nothing", [:]) == "nil")
      #expect(
        await result("two", ["text": "t", "at": "2025-01-15T10:30:00Z"])
          == ["\"t\"", "~U[2025-01-15 10:30:00Z]"])
      #expect(
        await result("inferred", ["text": "t", "at": "2025-01-15T10:30:00"])
          == ["~N[2025-01-15 10:30:00]", "\"t\""])
      #expect(await result("fixed", ["at": "2025-01-15T10:30:00Z"]) == ["1", "~U[2025-01-15 10:30:00Z]"])
      #expect(
        await result(
          "map",
          ["text": "2025-01-15T10:30:00Z", "at": "2025-01-15T10:30:00Z", "local": "2025-01-15T10:30:00"])
            == """
            [{"at", ~U[2025-01-15 10:30:00Z]}, {"local", ~N[2025-01-15 10:30:00]}, {"text", "2025-01-15T10:30:00Z"}]
            """)
    }
  }

  @Test("a map without options reaches Elixir as it is, however its values nest; one with options is flat")
  func maps() async throws {
    try await ElixirProbe.with { (probe) async throws in
      let value: Value = ["a": ["b": [1, nil, ["c": true]]], "n": nil]
      let text: Value = #"%{"a" => %{"b" => [1, nil, %{"c" => true}]}, "n" => nil}"#
      #expect(await probe.call("nested", ["value": value])?.result == text)
      #expect(await probe.call("maps", ["value": [value]])?.result.string == text.string.map { "[\($0)]" })
      #expect(await probe.call("flat", ["value": ["a": [1]]])?.result == #"%{"a" => [1]}"#)
      let refused = await probe.call("flat", ["value": value])
      #expect(refused?.error?.hasPrefix("Invalid argument: key \"a\" of argument \"value\"") == true)
    }
  }
}
