import GenAPITelemetry
import GenAPIValue
import TestRandom
import Testing
import TopModel

@testable import TopScreen

@Suite("Names of a list that do not fit stay apart")
struct CutNamesTests {
  private func cut(_ names: [String], _ width: Int) -> [String] {
    let cuts = CutNames(names, width: width, ellipsis: "…")
    return names.map { cuts[$0] }
  }

  @Test("a name is cut in its middle, and where another would look the same, so that what differs is seen")
  func different() {
    #expect(cut(["stream order_service", "async"], 12) == ["stream…rvice", "async"])
    let two = ["stream payment_order_service on n1", "stream payment_refund_service on n1"]
    #expect(cut(two, 17) == ["stre…order_servi…", "stre…refund_serv…"])
    // What stands behind it fits to its end.
    #expect(cut(["abcdefghij_1_klmnop", "abcdefghij_2_klmnop"], 12) == ["abc…1_klmnop", "abc…2_klmnop"])
  }

  @Test("names that differ in one place only, wherever it is, never look the same, and none is too wide")
  func anywhere() {
    for length in [20, 40, 90] {
      for place in 0..<length {
        let names = (["a", "b", "日"] as [Character]).map { letter in
          String((0..<length).map { $0 == place ? letter : "x" })
        }
        for width in 8...24 {
          let cuts = cut(names, width)
          #expect(Set(cuts).count == 3, "\(cuts)")
          #expect(cuts.allSatisfy { DisplayWidth.of($0) <= width }, "\(cuts)")
        }
      }
    }
  }

  @Test("any names are cut to their width, and those that fit are whole")
  func any() {
    var random = SeededRandom(seed: 5)
    for _ in 0..<300 {
      let names = (0..<Int.random(in: 1...12, using: &random)).map { _ in
        String(
          (0..<Int.random(in: 0...30, using: &random)).map { _ in "ab_日é".randomElement(using: &random)! })
      }
      let width = Int.random(in: 0...20, using: &random)
      for (name, cut) in zip(names, cut(names, width)) {
        #expect(DisplayWidth.of(cut) <= width, "\(name) \(cut)")
        if DisplayWidth.of(name) <= width { #expect(cut == name) }
      }
    }
  }

  /// The lines of the circuits that have a breaker or pool of the names, on a screen of 80 x 24.
  private func lines(_ mode: CircuitMode, _ names: [ByteText], zoomed: Bool) -> [String] {
    var content = Sample.content
    let pools = names.map { name in
      CircuitsContent.Pool(
        node: "gw1", state: PoolState(name: name, workers: 4, busy: 1), workers: [.busy, .idle, .idle, .idle])
    }
    content.circuits.pools = pools
    content.circuits.breakers = names.map { name in
      CircuitsContent.Breaker(
        node: "gw1",
        state: BreakerState(
          pool: "stream_pool", service: name, node: "svc1@app", state: .open, since: Sample.now,
          openedCount: 1, lastReason: "timeout after 5000 ms"),
        timeline: Array(repeating: .open, count: 20))
    }
    content.circuits.services = names.map {
      CircuitsContent.ServiceRefusals(service: $0, refused: 1, refusedPerSecond: 1, requestsPerSecond: 1)
    }
    var state = ScreenState()
    state.size = ScreenSize(width: 80, height: 24)
    state.focus = .circuits
    state.isZoomed = zoomed
    state.settings.circuitView = mode
    return TextWriter.write(ScreenRenderer().render(content, state: state)).split(separator: "\n").map(
      String.init)
  }

  @Test(
    "breakers, pools and services of which only the middle differs can be told apart on 80 x 24",
    arguments: CircuitMode.allCases, [false, true])
  func circuits(mode: CircuitMode, zoomed: Bool) {
    let names: [ByteText] = ["quagga", "zebra", "okapi"].map {
      "payments_of_the_customer_\($0)_and_everything_around_it_service_pool_of_europe"
    }
    let all = lines(mode, names, zoomed: zoomed)
    for name in ["quagga", "zebra", "okapi"] {
      #expect(
        all.count { $0.contains("…") && $0.contains(name.prefix(4)) } == 1, "\(all.joined(separator: "\n"))")
    }
  }

  @Test("functions of which only the middle differs can be told apart on 80 x 24")
  func functions() {
    var content = Sample.content
    let row = content.requests[0]
    content.requests = ["order", "refund", "invoice"].map { name in
      var other = row
      other.requestType = "read_of_the_customer_\(name)_and_everything_around_it"
      return other
    }
    var state = ScreenState()
    state.size = ScreenSize(width: 80, height: 24)
    state.focus = .requests
    let text = TextWriter.write(ScreenRenderer().render(content, state: state))
    for name in ["orde", "refu", "invo"] { #expect(text.contains(name), "\(text)") }
  }
}
