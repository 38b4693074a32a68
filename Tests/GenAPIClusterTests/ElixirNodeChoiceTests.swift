import ErlangNode
import GenAPIGateway
import GenAPIValue
import TestRandom
import Testing

@testable import GenAPICluster

@Suite(
  "Erlang's own hash beside ours", .enabled(if: ElixirPeer.isInstalled, "needs elixir and epmd"), .serialized)
struct ElixirNodeChoiceTests {
  @Test("thousands of values have the hash that Erlang gives their terms, whatever the number of nodes")
  func hashes() async throws {
    let peer = try await ElixirPeer()
    do {
      var random = SeededRandom(seed: 23)
      for _ in 0..<10 {
        let values = (0..<500).map { _ in Self.value(&random, depth: 3) }
        let ranges = values.map { _ in
          UInt32.random(in: 1...(Bool.random(using: &random) ? 7 : UInt32.max), using: &random)
        }
        let answer = try await peer.run(
          "lists", "zipwith",
          [
            .export(module: "erlang", function: "phash2", arity: 2), .list(values.map(TermValue.term)),
            .list(ranges.map { .integer(Int64($0)) }),
          ])
        let hashes = try #require(Self.integers(answer))
        #expect(hashes.count == values.count)
        for (index, value) in values.enumerated() {
          #expect(
            Int64(ErlangHash.of(value, range: ranges[index])) == hashes[index], "\(value) \(ranges[index])")
        }
      }
    } catch {
      await peer.end()
      throw error
    }
    await peer.end()
  }

  private static func integers(_ term: Term) -> [Int64]? {
    term.listElements.map { $0.compactMap(\.integerValue) }
  }

  private static func value(_ random: inout SeededRandom, depth: Int) -> Value {
    func length(_ most: Int) -> Int { Int.random(in: 0...most, using: &random) }
    func text(_ most: Int) -> ByteText {
      ByteText(String((0..<length(most)).map { _ in "abcdefgh 0123é日".randomElement(using: &random)! }))
    }
    switch UInt64.random(in: 0..<(depth > 0 ? 11 : 8), using: &random) {
    case 0: return .null
    case 1: return .bool(Bool.random(using: &random))
    case 2: return .int(Int64.random(in: -300...300, using: &random))
    case 3: return .int(Int64.random(in: .min ... .max, using: &random) >> Int64(length(63)))
    case 4:
      let digits =
        "123456789" + String((0..<length(60) + 12).map { _ in "0123456789".randomElement(using: &random)! })
      return WideInteger((Bool.random(using: &random) ? "-" : "") + digits).map(Value.wideInteger) ?? 1
    case 5:
      let number = Double(Int64.random(in: -1_000...1_000, using: &random))
      return .double([number, number / 7, number * 1e40, 0].randomElement(using: &random)!)
    case 6, 7: return .string(text(40))
    case 8: return .array((0..<length(6)).map { _ in value(&random, depth: depth - 1) })
    case 9: return .array((0..<length(13)).map { _ in .int(Int64.random(in: 0...255, using: &random)) })
    default:
      // More than 32 keys are another kind of map there.
      let count = [0, 1, 3, 40].randomElement(using: &random)!
      var object = ValueObject()
      for index in 0..<count {
        object["\(text(5))\(index)"] = value(&random, depth: count > 3 ? 0 : depth - 1)
      }
      return .object(object)
    }
  }
}
