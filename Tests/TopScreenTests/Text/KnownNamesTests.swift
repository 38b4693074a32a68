import GenAPITelemetry
import GenAPIValue
import Testing
import TopModel

@testable import TopScreen

@Suite("Names of gateways stay apart from those of all that are known, not only of those that are seen")
struct KnownNamesTests {
  private static let gateways: [ByteText] = (1...12).map { "gw\($0 < 10 ? "0" : "")\($0)@localhost" }

  /// Rows of a gateway whose name differs at its end from those of others that have none.
  private static func content(_ names: [ByteText]) -> ScreenContent {
    var content = AlikeNamesTests.content(["async"])
    content.header.targets = gateways.enumerated().map {
      TargetView(address: "10.0.0.\($0):4710", node: $1, connection: .live)
    }
    func each<Row>(_ rows: [Row], _ change: (inout Row, ByteText) -> Void) -> [Row] {
      names.flatMap { name in
        rows.map { row in
          var row = row
          change(&row, name)
          return row
        }
      }
    }
    content.circuits.pools = each(content.circuits.pools) { $0.node = $1 }
    content.circuits.breakers = each(content.circuits.breakers) { $0.node = $1 }
    content.relay = each(content.relay) { $0.node = $1 }
    content.events = each(Array(content.events.prefix(1))) { $0.node = $1 }
    content.nodes = each(content.nodes) { $0.name = $1 }
    content.limits = names.enumerated().map { number, name in
      var row = LimitRow(
        id: "l\(number)", scope: "order_service/time", key: "user_id", maxRequests: 20 + number,
        windowMs: 1_000, checksPerSecond: 38, trackedKeys: 4, keys: [])
      row.differences = [
        ConfigDifference(requestType: "time", setting: "max", values: [name: "20", "gw02@localhost": "21"])
      ]
      row.gateways = [name]
      return row
    }
    return content
  }

  private static let views: [(kind: PaneKind, circuits: CircuitMode)] =
    [.relay, .events, .nodes, .limits].map { ($0, .pools) }
    + [.pools, .workers, .timeline, .openOnly].map { (.circuits, $0) }

  @Test("in every list, on every size", arguments: views.indices, [(80, 24), (100, 30), (120, 36)])
  func known(_ view: Int, _ size: (width: Int, height: Int)) {
    let (kind, circuits) = Self.views[view]
    for isZoomed in [false, true] {
      let content = Self.content(["gw01@localhost", "gw10@localhost"])
      let text = screenText(content, width: size.width, height: size.height) {
        $0.focus = kind
        $0.isZoomed = isZoomed
        $0.settings.circuitView = circuits
      }
      // Of a name that is there at all it is seen which it is.
      let isCut =
        text.contains("gw1…") || text.contains("gw0…") || text.contains("gw…") || text.contains("g…")
      let isLost = text.contains("on …") && !text.contains("on …10") && !text.contains("on …01")
      #expect(!isCut && !isLost, "\(kind) \(circuits) zoomed \(isZoomed)\n\(text)")
      if kind == .limits {
        let lines = text.split(separator: "\n").flatMap { $0.split(separator: "│") }
        #expect(lines.contains { $0.contains(" ≠ on gw10") || $0.contains(" ≠ …10…") }, "\(text)")
      }
    }
  }
}
