/// Which panes stand where, for the screens it suits. A pane that is in no layout is still reached: it gets a place while
/// it is focused.
struct GridLayout {
  /// Screens with so many columns and rows.
  var widths: Range<Int> = 0..<Int.max
  var heights: Range<Int> = 0..<Int.max
  var bands: [LayoutBand]

  /// The first that suits the size.
  static func of(_ size: ScreenSize) -> GridLayout {
    // The last one suits every size.
    all.first { $0.widths.contains(size.width) && $0.heights.contains(size.height) } ?? all[all.count - 1]
  }

  /// The band with the first of these goes first when there are too few rows.
  static let dropOrder: [PaneKind] = [.configs, .limits, .nodes, .circuits, .events]

  /// The most particular first.
  private static let all: [GridLayout] = [
    // Narrow: what matters most over the full width.
    GridLayout(
      widths: 0..<110,
      bands: [
        LayoutBand(10, .init(60, .requests)),
        LayoutBand(7, .init(50, .latency), .init(40, .circuits)),
        LayoutBand(7, .init(1, .limits), .init(1, .relay)),
        LayoutBand(7, .init(55, .configs), .init(45, .alerts)),
        LayoutBand(6, .init(60, .nodes)),
        LayoutBand(8, .init(75, .events)),
      ]),
    // No room for the middle: the breakers beside the events.
    GridLayout(widths: 0..<150, heights: 0..<30, bands: [top, breakersBesideEvents]),
    GridLayout(heights: 0..<30, bands: [wideTop, breakersBesideEvents]),
    GridLayout(widths: 0..<150, heights: 0..<44, bands: [top, middle, LayoutBand(11, .init(75, .events))]),
    GridLayout(heights: 0..<44, bands: [wideTop, middle, LayoutBand(11, .init(75, .events))]),
    GridLayout(
      widths: 0..<150,
      bands: [
        top, middle, LayoutBand(7, .init(70, .nodes), .init(50, .alerts)),
        LayoutBand(10, .init(75, .events)),
      ]),
    GridLayout(
      bands: [wideTop, middle, LayoutBand(13, .init(66, .events), .init(54, .nodes, .alerts))]),
  ]

  private static let top = LayoutBand(14, .init(66, .requests), .init(54, .latency))
  private static let wideTop = LayoutBand(14, .init(66, .requests), .init(66, .latency))
  private static let middle = LayoutBand(
    9, .init(29, .limits), .init(31, .circuits), .init(30, .configs), .init(30, .relay))
  private static let breakersBesideEvents = LayoutBand(9, .init(80, .events), .init(40, .circuits))
}
