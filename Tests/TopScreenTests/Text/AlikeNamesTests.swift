import Foundation
import GenAPIStream
import GenAPITelemetry
import GenAPIValue
import TestRandom
import Testing
import TopModel

@testable import TopScreen

/// Rows that differ in nothing but their names, in every list there is.
@Suite("Names that are alike but for their middle or end are told apart in every list")
struct AlikeNamesTests {
  /// Two places in which they differ, and one of them at the end; all are far too long for a list on a small screen.
  static let names: [ByteText] = ["orders", "refund"].flatMap { middle in
    ["primary", "standby"].map { end in
      "payments_of_the_customer_\(ByteText(middle))_and_everything_around_it_in_europe_\(ByteText(end))"
    }
  }

  private func cut(_ names: [String], _ width: Int) -> [String] {
    let cuts = CutNames(names, width: width, ellipsis: "…")
    return names.map { cuts[$0] }
  }

  @Test("names that differ in two or three places stay apart, and none is too wide", arguments: 8...30)
  func places(_ width: Int) {
    for (count, least) in [(2, 8), (3, 12)] where width >= least {
      for length in [30, 70] {
        let names = (0..<(1 << count)).map { number in
          String(
            (0..<length).map { place -> Character in
              let which = [3, length / 2, length - 2].suffix(count).firstIndex(of: place)
              return which.map { number >> ($0 % count) & 1 == 0 ? "a" : "b" } ?? "x"
            })
        }
        let all = Array(Set(names))
        let cuts = cut(all, width)
        #expect(Set(cuts).count == all.count, "\(cuts)")
        #expect(cuts.allSatisfy { DisplayWidth.of($0) <= width }, "\(cuts)")
      }
    }
  }

  @Test("one that ends where another goes on is told apart, also in the narrowest field")
  func ends() {
    for width in 4...12 {
      let names = ["", "x", "xx", "-1", "-2"].map { "a_long_name_of_a_gatewayx" + $0 }
      let cuts = cut(names, width)
      if width >= 5 { #expect(Set(cuts).count == names.count, "\(width) \(cuts)") }
      #expect(cuts.allSatisfy { DisplayWidth.of($0) <= width }, "\(cuts)")
    }
  }

  @Test("thousands of names are cut in no time")
  func many() {
    let names = (0..<5_000).map { "a_service_with_a_long_name_\($0 % 70)_of_the_node_\($0)" }
    #expect(ContinuousClock().measure { _ = cut(names, 16) } < .seconds(5))
  }

  /// All that has rows, with rows of these names only.
  static func content(_ names: [ByteText]) -> ScreenContent {
    var content = Sample.content
    let (request, node) = (content.requests[0], content.nodes[0])
    content.requests = names.map { name in
      var row = request
      (row.service, row.requestType) = ("payments", name)
      return row
    }
    content.limits = names.map { name in
      LimitRow(
        id: name, scope: "payments/" + name, key: "user_id", maxRequests: 20, windowMs: 1_000,
        checksPerSecond: 38,
        trackedKeys: 4,
        keys: names.map {
          LimitRow.Key(value: $0, node: "gw1", used: 16, max: 20, resetMs: 310, rejections: 2)
        })
    }
    content.circuits = CircuitsContent()
    content.circuits.pools = names.map { name in
      CircuitsContent.Pool(
        node: "gw1", state: PoolState(name: name, workers: 4, busy: 1, openServices: 1),
        workers: [.busy, .idle, .idle, .idle])
    }
    content.circuits.breakers = names.map { name in
      CircuitsContent.Breaker(
        node: "gw1",
        state: BreakerState(
          pool: "stream_pool", service: name, node: "svc1@app", state: .open, since: Sample.now,
          openedCount: 1,
          lastReason: "timeout after 5000 ms"), timeline: Array(repeating: .open, count: 20))
    }
    content.circuits.services = names.map {
      CircuitsContent.ServiceRefusals(service: $0, refused: 1, refusedPerSecond: 1, requestsPerSecond: 1)
    }
    content.configs = ConfigsView()
    content.configs.services = names.map {
      ConfigsView.Service(
        service: $0, versions: ["gw1": "3.2.0"], functions: 12, source: "push", lastSuccessAt: Sample.now)
    }
    content.relay = names.map { name in
      RelayRow(
        node: "gw1",
        group: GroupState(
          groupID: name, groupType: "public", active: 4,
          members: names.map { MemberState(userID: $0, status: "active", role: "member", since: Sample.now) },
          messages: 8, lastMessageAt: Sample.now, createdAt: Sample.now), messagesPerSecond: 31)
    }
    content.nodes = names.map { name in
      var row = node
      row.name = name
      return row
    }
    content.alerts = names.map {
      AlertRow(id: $0, rule: "breaker open", subject: $0, isFiring: true, value: "1", since: Sample.now)
    }
    return content
  }

  /// Every view of every pane that has rows of names.
  static let views: [(kind: PaneKind, circuits: CircuitMode)] = PaneKind.allCases.flatMap { kind in
    kind == .circuits
      ? CircuitMode.allCases.map { (kind, $0) } : kind == .latency || kind == .events ? [] : [(kind, .pools)]
  }

  @Test(
    "on 80 x 24 and larger, zoomed or not, no two rows of names look alike", arguments: views.indices,
    [(80, 24), (100, 30), (160, 44)])
  func rows(_ view: Int, _ size: (width: Int, height: Int)) {
    let (kind, circuits) = Self.views[view]
    let names = Self.names
    for isMarked in [false, true] {
      for isZoomed in [false, true] {
        var content = Self.content(names)
        if isMarked {
          for index in content.nodes.indices {
            content.nodes[index].readiness = ReadinessState(phase: "draining")
          }
        }
        var state = ScreenState()
        state.size = ScreenSize(width: size.width, height: size.height)
        state.focus = kind
        state.isZoomed = isZoomed
        state.settings.circuitView = circuits
        let text = TextWriter.write(ScreenRenderer().render(content, state: state))
        // The pointer stands before the selected one.
        let all = text.split(separator: "\n").flatMap { $0.split(separator: "│") }
          .map { $0.drop(while: { " ▸".contains($0) }) }
          .filter { ($0.contains("pay") || $0.contains("…/")) && $0.contains("…") }
          .map(String.init)
        let what = "\(kind) \(circuits) zoomed \(isZoomed)\n\(text)"
        // Some narrow panes have room for two rows only.
        #expect(all.count >= 2 || kind != state.focus, "\(what)")
        let shown = kind == .limits ? all.filter { $0.contains("user_id") || $0.contains("/s") } : all
        #expect(Set(shown).count == shown.count, "\(what)")
        // Three keys stand below each limit, the same ones.
        if kind == .limits {
          let keys = all.filter { !$0.contains("user_id") }.prefix(3)
          #expect(Set(keys).count == keys.count, "\(what)")
        }
      }
    }
  }

  @Test(
    "limits and alerts whose numbers leave them different rooms are told apart as well", arguments: 24...60)
  func differentRooms(_ width: Int) {
    let names: [ByteText] = ["EU", "US", "AP"].flatMap { region in
      ["create_payment_intent_\(region)_by_card", "create_payment_intent_by_card_\(region)"].map {
        ByteText($0)
      }
    }
    var content = Sample.content
    content.limits = names.enumerated().map { place, name in
      let size = [5, 2_000, 30, 400_000, 1, 7][place]
      return LimitRow(
        id: name, scope: "payments/" + name, key: "user_id", maxRequests: size, windowMs: 1_000,
        checksPerSecond: Double(size), rejectionsPerSecond: place % 3 == 0 ? Double(size) : 0,
        trackedKeys: size, keys: [])
    }
    content.alerts = names.enumerated().map { place, name in
      AlertRow(
        id: name, rule: "p99(*/*) > 250ms", subject: "payments " + name, isFiring: place % 2 == 0,
        value: place % 2 == 0 ? "312ms" : "1s", since: Sample.now)
    }
    for kind: PaneKind in [.limits, .alerts] {
      let text = TextWriter.write(PaneTests.draw(kind, content, width: width, height: 14))
      // How each name ends, as far as it is seen: where that is how another ends, too, they look alike.
      let ends = text.split(separator: "\n").compactMap { row -> String? in
        [" user_id", " 312ms", " 1s "].lazy.compactMap { row.firstRange(of: $0) }.first.map { end in
          let name = row[..<end.lowerBound]
          let cut = name.lastIndex(of: "…").map { name.index(after: $0) } ?? name.startIndex
          return String(name[cut...]).trimmingCharacters(in: .whitespaces)
        }
      }
      if width >= 40 { #expect(ends.count == names.count, "\(text)") }
      for (place, end) in ends.enumerated() where width >= 44 {
        #expect(!ends[..<place].contains { $0.hasSuffix(end) || end.hasSuffix($0) }, "\(end)\n\(text)")
      }
    }
  }

  @Test("the lists on pages tell them apart")
  func pages() {
    let content = Self.content(Self.names)
    let subjects: [any Detail] = [
      GroupDetail(id: content.relay[0].id), LimitDetail(id: content.limits[0].id),
      PoolDetail(id: content.circuits.pools[0].id), AlertDetail(id: content.alerts[0].id),
      RequestGroupDetail(grouping: .services, service: "payments", version: nil),
    ]
    for subject in subjects {
      let text = screenText(content, width: 80, height: 40) {
        $0.dialogs = [.detail(DetailDialog(.init(subject)))]
      }
      let all = text.split(separator: "\n").compactMap { line -> String? in
        line.firstRange(of: "pay").flatMap {
          line[$0.lowerBound...].contains("…") ? String(line[$0.lowerBound...]) : nil
        }
      }
      #expect(Set(all).count == all.count, "\(subject)\n\(text)")
    }
  }
}
