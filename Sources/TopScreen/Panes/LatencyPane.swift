import GenAPITelemetry
import OutsideText
import TopModel

/// How long requests take: lines, heat map or histogram.
struct LatencyPane: Pane {
  static let title: StaticString = "Latency"
  static let told: StateField? = .series
  static let narrowedBy: Set<String> = ["service", "type", "version", "node", "text"]
  static var hints: [(command: Command, label: String)] {
    [(.latencyMode, "Mode"), (.latencyScope, "Scope")]
  }
  static var sumsFunctions: Bool { true }
  static var isPreviewed: Bool { false }
  static var picker: PickerDialog.Purpose? { .latencyScope }

  var view: LatencyView
  /// How it was at the mark; nil when there is none.
  var before: LatencyView?
  var marks: [TimeMark] = []
  /// The cell of the heat map that is looked at.
  var cursor: HeatCursor?

  var rowIDs: RowIDs { [] }
  var headLines: Int { 0 }

  func subtitle(_ context: PaneContext) -> [Span] {
    let scope = view.scope.label.shown.truncated(to: 28, ellipsis: context.glyphs.ellipsis)
    var spans = [Span(scope, context.style(.accent))]
    if context.width >= 50 { spans.append(Span(" " + context.settings.latencyMode.label, context.muted)) }
    let isFilling = (context.watchedSeconds ?? .max) < view.windowSeconds
    spans.append(
      Span(
        " " + (isFilling ? context.window : TimeText.age(seconds: Int64(view.windowSeconds))), context.muted))
    // They took no time, and would make what is slow look fast.
    if view.refused > 0, context.width >= 66 {
      spans.append(Span(" without \(NumberText.short(view.refused)) refused", context.style(.warn)))
    }
    return spans
  }

  func fact(_ context: PaneContext) -> [Span] {
    guard view.count > 0 else { return [] }
    func value(_ name: String, _ value: Int64?, _ key: ThemeKey) -> [Span] {
      let past = before.map { name == "p99" ? $0.p99 : name == "p95" ? $0.p95 : $0.p50 }
      let was =
        past.map { [Span(" was " + TimeText.duration(microseconds: $0), context.style(.accent))] } ?? []
      return [
        Span(name + " ", context.muted),
        Span(
          TimeText.duration(microseconds: value).padded(to: 6, .right),
          context.style(Severity.duration(value, usual: key), stale: view.isStale)
        ),
      ] + was
    }
    // The highest stays longest; a scope of many letters takes the place of the others.
    let mark = narrowingMark(context).map { DisplayWidth.of($0) + 1 } ?? 0
    let room = context.width - subtitle(context).displayWidth - mark - "2 Latency ".count - 8
    var spans = value("p99", view.p99, .p99)
    for more in [value("p95", view.p95, .p95), value("p50", view.p50, .p50)] {
      guard spans.displayWidth + 1 + more.displayWidth <= room else { break }
      spans = more + [Span(" ")] + spans
    }
    return spans
  }

  func emptyReason(_ context: PaneContext) -> String? {
    guard view.count == 0 else { return nil }
    // What a gateway did that is gone is in no number of now, and it did something all the same.
    let isAnyGone = context.targets.contains { $0.hasTold && $0.absence != nil }
    return reason(
      "no request ran in the last \(TimeText.age(seconds: Int64(view.windowSeconds)))"
        + (isAnyGone ? " where it is heard" : ""), context)
  }

  func drawContent(into grid: inout Grid, rect: Rect, context: PaneContext) {
    guard rect.width >= 14, rect.height >= 2 else { return }
    switch context.settings.latencyMode {
    case .lines: drawLines(into: &grid, rect: rect, context: context)
    case .heatMap: drawHeatMap(into: &grid, rect: rect, context: context)
    case .histogram: drawHistogram(into: &grid, rect: rect, context: context)
    }
  }

  /// Columns of the labels at the left, the axis included.
  static let axisWidth = 8

  /// How many slots fill a pane of this width: two dots a column, or one cell.
  static func slots(width: Int, mode: LatencyMode, windowSeconds: Int) -> Int {
    let plot = max(1, width - 2 - axisWidth - 1)
    let most = max(2, min(mode == .lines ? plot * 2 : plot, max(10, windowSeconds)))
    // A cell is of the same seconds for as long as it is seen: of whole ones, as many as in every other.
    guard mode == .heatMap else { return most }
    return (2...most).last { windowSeconds % $0 == 0 } ?? most
  }

  /// How many bands fit a pane of this height.
  static func rows(height: Int, mode: LatencyMode) -> Int {
    let inside = height - 2
    guard mode == .heatMap else { return max(1, inside - (mode == .histogram ? 0 : 1)) }
    return max(1, inside - 1 - legendLines(inside) - (inside >= leastForMarks ? 1 : 0))
  }

  /// Lines inside the frame from which on what happened has a line of its own.
  private static let leastForMarks = 8

  /// Whether what happened stands on a line of its own, above the times.
  func marksLines(_ rect: Rect, context: PaneContext) -> Int {
    rect.height >= Self.leastForMarks && hasMarks(context) ? 1 : 0
  }

  private func drawLines(into grid: inout Grid, rect: Rect, context: PaneContext) {
    let values = view.slots.flatMap { [$0.p50, $0.p95, $0.p99].compactMap(\.self) }
    let axis = LatencyAxis(values: values)
    let labels = rect.width >= 40 && rect.height >= 5 ? Self.labelWidth : 0
    let plot = Rect(
      x: rect.x + Self.axisWidth, y: rect.y, width: rect.width - Self.axisWidth - 1 - labels,
      height: rect.height - 1 - marksLines(rect, context: context))
    axis.draw(into: &grid, rect: rect, rows: plot.height, context: context)
    var canvas = BrailleCanvas(columns: plot.width, rows: plot.height)
    let series: [(KeyPath<LatencyView.Slot, Int64?>, ThemeKey)] = [
      (\.p50, .p50), (\.p95, .p95), (\.p99, .p99),
    ]
    for (path, key) in series {
      var last: (x: Int, y: Int)?
      for (index, slot) in view.slots.enumerated() {
        guard let value = slot[keyPath: path] else {
          last = nil
          continue
        }
        let style = context.style(Severity.duration(value, usual: key), stale: view.isStale)
        let x = view.slots.count < 2 ? 0 : index * (canvas.dotColumns - 1) / (view.slots.count - 1)
        let y = Int(((1 - axis.fraction(value)) * Double(canvas.dotRows - 1)).rounded())
        if let last { canvas.line(from: last, to: (x, y), style) } else { canvas.set(x, y, style) }
        last = (x, y)
      }
    }
    canvas.draw(into: &grid, at: plot.x, plot.y, ascii: context.glyphs.isASCII)
    if labels > 0 { drawLabels(axis, into: &grid, plot: plot, context: context) }
    drawTimeAxis(into: &grid, plot: plot, y: rect.maxY - 1, context: context)
  }

  /// Of `p99` behind a line's end, and a blank.
  private static let labelWidth = 4

  /// Each line's name at its right end, so that colour is not all that tells them apart.
  private func drawLabels(_ axis: LatencyAxis, into grid: inout Grid, plot: Rect, context: PaneContext) {
    let ends: [(name: String, value: Int64?, key: ThemeKey)] = [
      ("p99", view.slots.last { $0.p99 != nil }?.p99, .p99),
      ("p95", view.slots.last { $0.p95 != nil }?.p95, .p95),
      ("p50", view.slots.last { $0.p50 != nil }?.p50, .p50),
    ]
    let known = ends.compactMap { end in end.value.map { (end.name, $0, end.key) } }
    // From the top; where lines end near each other the lower name goes one row down, and all stay inside.
    var free = 0
    for (index, (name, value, key)) in known.enumerated() {
      let row = Int(((1 - axis.fraction(value)) * Double(plot.height - 1)).rounded())
      let place = min(max(row, free), plot.height - (known.count - index))
      free = place + 1
      grid.draw(
        name, at: plot.maxX + 1, plot.y + place, width: Self.labelWidth - 1,
        context.style(Severity.duration(value, usual: key), stale: view.isStale))
    }
  }

  /// `-60s`, `-30s`, `now` under the plot, and above them what happened.
  func drawTimeAxis(into grid: inout Grid, plot: Rect, y: Int, context: PaneContext) {
    let seconds = Int64(view.windowSeconds)
    let isLive = context.settings.moment == .live
    let now = isLive ? "now" : TimeText.clock(context.at, offset: context.clockOffset)
    var labels = [
      (text: "-" + TimeText.age(seconds: seconds), x: plot.x), (text: now, x: plot.maxX - now.count),
    ]
    // A mark at each half, or each quarter where there is room.
    let parts = plot.width >= 80 ? 4 : plot.width >= 30 ? 2 : 1
    for part in 1..<max(2, parts) where parts > 1 {
      let label = "-" + TimeText.age(seconds: seconds - seconds * Int64(part) / Int64(parts))
      labels.append((label, plot.x + plot.width * part / parts - label.count / 2))
    }
    for label in labels where label.x >= plot.x {
      grid.draw(label.text, at: label.x, y, width: label.text.count, context.muted)
    }
    guard hasMarks(context) else { return }
    let isApart = y > plot.maxY
    drawMarks(
      into: &grid, plot: plot, y: isApart ? y - 1 : y, context: context,
      taken: isApart ? [] : labels.map { $0.x..<$0.x + $0.text.count })
  }

  private func drawHistogram(into grid: inout Grid, rect: Rect, context: PaneContext) {
    LatencyHistogramBars(view: view).draw(into: &grid, rect: rect, context: context)
  }
}

extension LatencyMode {
  package var label: String {
    switch self {
    case .lines: "lines"
    case .heatMap: "heat map"
    case .histogram: "histogram"
    }
  }
}

extension LatencyPane {
  static var empty: LatencyView { LatencyView() }

  static func content(_ source: PaneSource) -> LatencyView {
    let isHeatMap = source.settings.latencyMode == .heatMap
    return source.views.latency(
      source.model, source.settings,
      slots: slots(
        width: source.rect.width, mode: source.settings.latencyMode,
        windowSeconds: source.settings.window.seconds),
      rows: rows(height: source.rect.height, mode: source.settings.latencyMode), isAligned: isHeatMap,
      keeping: isHeatMap ? source.state.heatCursor?.durations : nil)
  }

  init(_ content: ScreenContent, _ state: ScreenState) {
    view = content.latency
    before = content.latencyBefore
    marks = content.timeMarks
    cursor = state.heatCursor
  }

  func subject(of id: ByteText) -> DetailDialog.Subject? { nil }

  func copyText(of id: ByteText, _ state: ScreenState) -> String? {
    nil
  }
}

extension ScreenContent {
  package var latency: LatencyView {
    get { self[LatencyPane.self] }
    set { self[LatencyPane.self] = newValue }
  }
}
