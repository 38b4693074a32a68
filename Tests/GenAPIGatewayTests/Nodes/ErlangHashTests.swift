import GenAPITesting
import GenAPIValue
import Testing

@testable import GenAPIGateway

@Suite("Nodes as an Elixir gateway chooses them")
struct ErlangHashTests {
  /// By `erlang:phash2(Term, 4294967296)` of OTP 25.
  private static let vectors: [(Value, UInt32)] = [
    (nil, 29948),
    (true, 506293),
    (false, 7111573),
    (0, 3175731469),
    (1, 539485162),
    (-1, 1117813597),
    (255, 715823293),
    (256, 3929335767),
    (134217727, 4273352567),
    (134217728, 2562491755),
    (-134217728, 874979335),
    (-134217729, 1418916782),
    (9223372036854775807, 2712534173),
    (-9223372036854775808, 1736826119),
    (.wideInteger(WideInteger("18446744073709551616")!), 2519041713),
    (.wideInteger(WideInteger("-1000000000000000000000000000000")!), 1431732365),
    (0.0, 423528920),
    (1.5, 2023646235),
    (-2.25, 2254282282),
    (5.0, 2951454462),
    ("", 147926629),
    ("a", 1589197455),
    ("user_123", 848402906),
    ("twelve bytes", 93359736),
    ("thirteen byte", 2583333678),
    ("é 日本", 235145213),
    ([], 3468870702),
    ([1], 2768963718),
    ([1, 2, 3, 4], 1029573448),
    ([1, 2, 3, 4, 5, "a", 6], 640084600),
    ([[]], 499070068),
    ([nil], 666492022),
    ([300, 1], 3636192855),
    ([:], 844985373),
    (["a": 1], 2044784202),
    (["a": nil, "b": [true, ["c": "d"]], "long key of more than twelve": -7], 1031427083),
  ]

  @Test("a value's hash is that of its term")
  func vectors() {
    for (value, hash) in Self.vectors { #expect(ErlangHash.of(value) == hash, "\(value)") }
    #expect(ErlangHash.of("user_123", range: 3) == ErlangHash.of("user_123") % 3)
  }

  private static let nodes: [ByteText] = ["c@h", "a@h", "b@h"]

  private func order(_ choice: NodeChoice, _ request: Request, _ selector: NodeSelector) -> [ByteText] {
    selector.order(Self.nodes, by: choice, for: request, turn: 0)
  }

  private func expected(_ value: Value) -> [ByteText] {
    let chosen = Self.nodes[Int(ErlangHash.of(value) % 3)]
    return [chosen] + Self.nodes.filter { $0 != chosen }
  }

  @Test("hash, hash by key and a sticky key's first node go by it, the others follow as they are listed")
  func order() {
    let selector = NodeSelector(
      sticky: StickyNodes(), clock: VirtualClock(), compatibility: .elixir)
    for number in 0..<60 {
      var request = Request(
        service: "s", requestType: "t", requestID: ByteText("r\(number)"),
        args: [
          "text": .string(ByteText("k\(number)")), "number": .int(Int64(number)), "empty": "", "none": nil,
        ],
        userID: ByteText("u\(number)"))
      #expect(order(.hash, request, selector) == expected(.string(ByteText("r\(number)"))))
      #expect(order(.hashKey("text"), request, selector) == expected(.string(ByteText("k\(number)"))))
      #expect(order(.hashKey("number"), request, selector) == expected(.int(Int64(number))))
      #expect(order(.hashKey("empty"), request, selector) == expected(""))
      #expect(order(.sticky("number"), request, selector) == expected(.int(Int64(number))))
      #expect(order(.sticky("user_id"), request, selector) == expected(.string(ByteText("u\(number)"))))
      #expect(order(.hashKey("none"), request, selector).sorted() == Self.nodes.sorted())
      // A number that the client gave as one.
      request.requestID = ByteText("\(number)")
      request.hasNumericID = true
      #expect(order(.hash, request, selector) == expected(.int(Int64(number))))
    }
  }

  @Test("a sticky key stays on its node when nodes come")
  func sticky() {
    let selector = NodeSelector(
      sticky: StickyNodes(), clock: VirtualClock(), compatibility: .elixir)
    for number in 0..<60 {
      let request = Request(
        service: "s", requestType: "t", requestID: "r", args: ["key": .int(Int64(number))])
      let first = order(.sticky("key"), request, selector)[0]
      let more = selector.order(Self.nodes + ["d@h"], by: .sticky("key"), for: request, turn: 0)
      #expect(more[0] == first && more.count == 4)
    }
  }

  @Test("the gateway's own choice stays what it was")
  func own() {
    let selector = NodeSelector(sticky: StickyNodes(), clock: VirtualClock())
    let request = Request(service: "s", requestType: "t", requestID: "r")
    #expect(order(.hash, request, selector) == NodeSelector.rendezvous(Self.nodes, key: "r"))
  }
}
