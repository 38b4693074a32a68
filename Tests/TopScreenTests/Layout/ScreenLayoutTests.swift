import Testing

@testable import TopScreen

@Suite("Layout")
struct ScreenLayoutTests {
  @Test("panes never overlap nor leave the screen, at any size")
  func everySize() {
    var faults: [String] = []
    for width in 1...200 {
      for height in 1...80 {
        let focus = PaneKind.allCases[(width + height) % 9]
        let hidden: Set<PaneKind> = (width + height) % 3 == 0 ? [.limits, .events, .requests] : []
        let layout = ScreenLayout(
          size: ScreenSize(width: width, height: height), focus: focus, isZoomed: height % 7 == 0,
          hidden: hidden)
        let screen = Rect(x: 0, y: 0, width: width, height: height)
        let rects =
          [layout.header, layout.switcher, layout.footer].filter { !$0.isEmpty } + layout.places.map(\.rect)
        for (index, rect) in rects.enumerated() {
          if rect.x < 0 || rect.y < 0 || rect.maxX > screen.width || rect.maxY > screen.height {
            faults.append("\(width)×\(height): \(rect) leaves the screen")
          }
          if rects[(index + 1)...].contains(where: { overlap(rect, $0) }) {
            faults.append("\(width)×\(height): overlap")
          }
        }
        if layout.mode != .tooSmall, layout.rect(of: focus) == nil {
          faults.append("\(width)×\(height): no focus")
        }
        if layout.mode == .grid, layout.places.contains(where: { $0.rect.width < 16 || $0.rect.height < 4 }) {
          faults.append("\(width)×\(height) \(focus): too small to read: \(layout.places)")
        }
      }
    }
    #expect(faults.isEmpty, "\(faults.prefix(5))")
  }

  private func overlap(_ a: Rect, _ b: Rect) -> Bool {
    !a.isEmpty && !b.isEmpty && a.x < b.maxX && b.x < a.maxX && a.y < b.maxY && b.y < a.maxY
  }

  @Test("the panes of a grid fill it without gaps")
  func noGaps() {
    for (width, height) in [(80, 24), (109, 50), (120, 36), (149, 44), (200, 60), (300, 100)] {
      let layout = ScreenLayout(size: ScreenSize(width: width, height: height), focus: .requests)
      let area = layout.places.reduce(0) { $0 + $1.rect.width * $1.rect.height }
      // The header, the footer, and where many panes have no place the line of all panes.
      let rows = height - 2 - layout.switcher.height
      #expect(area == width * rows, "\(width)×\(height)")
      #expect(layout.switcher.isEmpty == (width >= 110 && height >= 30))
    }
  }

  @Test("below 80×24 one pane is left, below 40×10 none")
  func small() {
    let one = ScreenLayout(size: ScreenSize(width: 79, height: 40), focus: .events)
    #expect(one.mode == .single)
    #expect(one.panes == [.events])
    #expect(ScreenLayout(size: ScreenSize(width: 39, height: 40), focus: .events).mode == .tooSmall)
    #expect(ScreenLayout(size: ScreenSize(width: 80, height: 9), focus: .events).mode == .tooSmall)
  }

  @Test("a large screen shows all nine panes")
  func large() {
    let layout = ScreenLayout(size: ScreenSize(width: 200, height: 60), focus: .requests)
    #expect(layout.panes.sorted() == PaneKind.allCases)
  }

  @Test("zoom gives the focused pane everything between header and footer")
  func zoom() {
    let layout = ScreenLayout(size: ScreenSize(width: 120, height: 36), focus: .relay, isZoomed: true)
    #expect(
      layout.places == [ScreenLayout.Place(pane: .relay, rect: Rect(x: 0, y: 1, width: 120, height: 34))])
  }

  @Test("a hidden pane's room goes to the others")
  func hidden() {
    let layout = ScreenLayout(
      size: ScreenSize(width: 120, height: 36), focus: .requests, hidden: [.latency, .limits])
    #expect(layout.rect(of: .requests)?.width == 120)
    #expect(layout.rect(of: .limits) == nil)
  }
}
