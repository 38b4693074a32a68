import ErlangNode
import GenAPIGateway
import GenAPIValue
import Testing

@testable import GenAPICluster

@Suite("Integers beyond 64 bits between Erlang and clients", .serialized)
struct WideIntegerTests {
  private static let digits: [ByteText] = [
    "9223372036854775808", "-9223372036854775809", "18446744073709551615", "18446744073709551616",
    "115792089237316195423570985008687907853269984665640564039457584007913129639935",
  ]

  @Test("they keep their digits both ways", arguments: digits)
  func bothWays(_ digits: ByteText) throws {
    let value = Value.wideInteger(try #require(WideInteger(digits)))
    let term = TermValue.term(value)
    guard case .bigInteger = term else {
      Issue.record("\(term.erlangText)")
      return
    }
    #expect(TermValue.value(term) == value)
    #expect(TermValue.value(.map(TermMap([(key: term, value: .integer(1))])))[digits] == 1)
  }

  @Test("one with more digits than a value may have is a text that says so")
  func tooLong() {
    let value = TermValue.value(
      .bigInteger(BigInteger(isNegative: false, magnitude: Array(repeating: 255, count: 5_000))))
    #expect(value.string == "<integer of 5000 bytes>")
  }

  @Test(
    "a real Elixir node gives and takes them",
    .enabled(if: ElixirPeer.isInstalled, "needs elixir and epmd"))
  func elixir() async throws {
    let peer = try await ElixirPeer()
    let cluster = ErlangCluster(node: peer.gatewayNode)
    let wide = Value.wideInteger(try #require(WideInteger("18446744073709551616" as ByteText)))
    let power = try await cluster.call(
      FunctionReference("Integer", "pow"), FunctionCall(arguments: [2, 64]), on: ByteText(peer.name),
      timeout: .seconds(20))
    #expect(power == .ok(wide))
    let text = try await cluster.call(
      FunctionReference("Integer", "to_string"), FunctionCall(arguments: [wide]), on: ByteText(peer.name),
      timeout: .seconds(20))
    #expect(text == .ok("18446744073709551616"))
    await peer.end()
  }
}
