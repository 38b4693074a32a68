import GenAPITelemetry
import GenAPIValue
import Testing
import TopModel

@testable import TopScreen

@Suite("Pages at 80 columns")
struct PageWidthTests {
  /// Every page that a row of any pane leads to, and those that they lead to.
  private static func pages(_ content: ScreenContent, width: Int) -> [DetailPage] {
    var content = content
    content.function = Sample.function
    content.gateway = Sample.gateway
    content.episodes = Sample.episodes
    var state = ScreenState()
    state.size = ScreenSize(width: 80, height: 24)
    var subjects: [DetailDialog.Subject] = []
    for mode in CircuitMode.allCases {
      state.settings.circuitView = mode
      for pane in PaneKind.allCases {
        let shown = pane.type.init(content, state)
        for id in shown.rowIDs.prefix(8) {
          subjects += [shown.subject(of: id), shown.cause(of: id)].compactMap(\.self)
        }
      }
    }
    func page(_ subject: DetailDialog.Subject) -> DetailPage {
      DetailPage(DetailDialog(subject), content: content, context: PaneContext(at: Sample.now), width: width)
    }
    let first = subjects.map(page)
    return first + first.flatMap { $0.links.prefix(2).map { page($0.subject) } }
  }

  @Test(
    "no line of a page is wider than the page, so that none ends in the midst of a number",
    arguments: [66, 40])
  func widths(_ width: Int) {
    var contents = [Sample.content, Sample.stale, Sample.hostile, Sample.overloaded]
    for index in contents.indices {
      for node in contents[index].nodes.indices where contents[index].nodes[node].kind == .service {
        var sighting = NodeRow.Sighting(gateway: "gw1", isUp: false, since: Sample.now - 42_000_000)
        (sighting.requestsPerSecond, sighting.errorPercent, sighting.failoverPercent) = (9.2, 20.5, 18.4)
        (sighting.p99, sighting.failovers) = (8_300, 12_345)
        contents[index].nodes[node].sightings.append(sighting)
      }
    }
    for content in contents {
      for page in Self.pages(content, width: width) {
        for line in page.lines {
          #expect(line.displayWidth <= width, "\(page.title): \(line.text)")
        }
        for link in page.links { #expect(page.lines.indices.contains(link.line)) }
      }
    }
  }

  @Test(
    "a line that is too long goes on below, its numbers whole, and nothing stands between a number and its comma"
  )
  func sighting() throws {
    var content = Sample.content
    let place = try #require(content.nodes.firstIndex { $0.kind == .service })
    var sighting = NodeRow.Sighting(gateway: "gw1", isUp: false, since: Sample.now - 42_000_000)
    (sighting.requestsPerSecond, sighting.errorPercent, sighting.failoverPercent) = (9.2, 20.5, 18.4)
    sighting.p99 = 8_300
    content.nodes[place].sightings = [sighting]
    let page = DetailPage(
      DetailDialog(.init(NodeDetail(id: content.nodes[place].id))), content: content,
      context: PaneContext(at: Sample.now), width: 70)
    let text = page.lines.map(\.text).joined(separator: "\n")
    #expect(text.contains("p99 8.3ms,"), "\(text)")
    #expect(text.contains("18.4% went on"), "\(text)")
  }

  @Test(
    "lines are broken at blanks, but for those within a number, and what is left out ends with an ellipsis")
  func wrapping() {
    func lines(_ text: String, _ width: Int, most: Int = 9) -> [String] {
      [Span(text)].wrapped(to: width, most: most, ellipsis: "…").map(\.text)
    }
    #expect(lines("short", 20) == ["short"])
    #expect(
      lines("name  12 345 678 sent, 7 lost", 14) == ["name", "    12 345 678", "    sent, 7", "    lost"])
    #expect(lines("one two three four five six", 14, most: 2) == ["one two three", "    four …"])
    #expect(lines(String(repeating: "x", count: 20), 12) == ["xxxxxxxxxxxx", "    xxxxxxxx"])
  }
}
