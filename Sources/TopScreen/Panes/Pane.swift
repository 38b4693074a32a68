import GenAPITelemetry
import OutsideText
import TopModel

/// One pane: what it is called, its data, how it is drawn, and what its rows are good for.
protocol Pane {
  associatedtype Content: Equatable & Sendable

  static var title: StaticString { get }
  /// The keys of a filter's terms that narrow the pane; the others leave it as it is.
  static var narrowedBy: Set<String> { get }
  /// The same of what it shows now.
  var narrows: Set<String> { get }
  /// The columns that can be chosen; none by default.
  static var columnNames: [String] { get }
  /// What rows can be sorted by, in whichever view; none by default.
  static var sortColumns: [SortColumn] { get }
  /// The commands of the bottom line that matter most while it is focused.
  static var hints: [(command: Command, label: String)] { get }
  /// What Enter lets one pick, of a pane without rows.
  static var picker: PickerDialog.Purpose? { get }
  /// Whether the selected row stays put, so that its details can stand beside a zoomed pane.
  static var isPreviewed: Bool { get }
  /// Whether the newest row is the last, and stays selected until one moves.
  static var isTail: Bool { get }
  /// Whether it adds up functions over whole gateways, of which service nodes have a part nobody knows.
  static var sumsFunctions: Bool { get }
  /// The same of what it shows now.
  var sumsFunctions: Bool { get }

  /// What its content is of; where no gateway tells that, the pane says so.
  static var told: StateField? { get }
  /// Whether it has a history of its own, beside that of the gateways' seconds.
  static var hasOwnPast: Bool { get }

  /// What it shows when there is nothing.
  static var empty: Content { get }
  /// Adds the rows that were there and are not any more, so that what vanished is seen; as what they were.
  static func keepGone(from before: Content, in now: inout Content)
  /// How its rows differ from how they were, by their identity; nil for a pane whose rows are not compared.
  static func changes(from before: Content, to now: Content) -> [ByteText: RowChange]?
  /// What the model has to say for it.
  static func content(_ source: PaneSource) -> Content
  /// Takes the content, and what else comes with it.
  static func load(_ content: inout ScreenContent, _ source: PaneSource)

  init(_ content: ScreenContent, _ state: ScreenState)

  /// Beside the number and the name at the left of the title.
  func subtitle(_ context: PaneContext) -> [Span]
  /// The one fact that matters, at the right of the title.
  func fact(_ context: PaneContext) -> [Span]
  /// Why there is nothing to show; nil when there is something.
  func emptyReason(_ context: PaneContext) -> String?
  func drawContent(into grid: inout Grid, rect: Rect, context: PaneContext)
  /// Identities of the rows that can be selected, in order.
  var rowIDs: RowIDs { get }
  /// Lines of the content that are not rows, such as a head.
  var headLines: Int { get }
  /// Lines it would like to have inside its frame.
  func wantedLines(width: Int) -> Int
  /// What Enter shows details of; nil when it shows none.
  func subject(of id: ByteText) -> DetailDialog.Subject?
  /// What a row is the effect of, for who goes to the cause at once; nil where that is what Enter shows.
  func cause(of id: ByteText) -> DetailDialog.Subject?
  /// The filter's terms that narrow the screen to a row; none where no term does.
  func terms(of id: ByteText, _ content: ScreenContent) -> [FilterTermText]
  /// A row as text, without what only a screen needs.
  func copyText(of id: ByteText, _ state: ScreenState) -> String?
  /// What is looked through by who searches the rows, one text a row, in order.
  func searchTexts(_ state: ScreenState) -> [String]
  /// What its rows can be sorted by as they are shown now, in the order of the columns; none where they cannot be.
  var sortable: [SortColumn] { get }
  /// The column under a place of the head, in small letters; nil where there is none.
  func column(at place: Int, width: Int, _ context: PaneContext) -> String?
}

extension Pane {
  static var columnNames: [String] { [] }
  static var sortColumns: [SortColumn] { [] }
  static var hints: [(command: Command, label: String)] { [(.open, "Details")] }
  static var picker: PickerDialog.Purpose? { nil }
  static var isPreviewed: Bool { true }
  static var isTail: Bool { false }
  static var sumsFunctions: Bool { false }
  static var hasOwnPast: Bool { false }
  var narrows: Set<String> { Self.narrowedBy }
  var sumsFunctions: Bool { Self.sumsFunctions }
  static var told: StateField? { nil }

  static var kind: PaneKind {
    // The list names every type that is a pane.
    PaneKind.allCases.first { $0.type == Self.self }!
  }

  static func load(_ content: inout ScreenContent, _ source: PaneSource) {
    content[Self.self] = Self.content(source)
  }

  func subtitle(_ context: PaneContext) -> [Span] { [] }

  func wantedLines(width: Int) -> Int { headLines + rowIDs.count }

  func copyText(of id: ByteText, _ state: ScreenState) -> String? {
    id.split(separator: 0x1F).filter { !$0.isEmpty }.joined(separator: " ").string
  }

  func searchTexts(_ state: ScreenState) -> [String] {
    rowIDs.map { (copyText(of: $0, state) ?? "").shown }
  }

  var sortable: [SortColumn] { Self.sortColumns }

  func column(at place: Int, width: Int, _ context: PaneContext) -> String? { nil }

  func cause(of id: ByteText) -> DetailDialog.Subject? { nil }

  func terms(of id: ByteText, _ content: ScreenContent) -> [FilterTermText] {
    subject(of: id)?.detail.terms(content) ?? []
  }

  /// Draws the frame, the title and the content, or why there is none.
  func draw(into grid: inout Grid, rect: Rect, context: PaneContext) {
    let theme = context.theme
    var context = context
    context.width = rect.width
    let digit = Self.kind.digit.map { "\($0) " } ?? ""
    var left = [
      Span(digit, context.isFocused ? theme.style(.accent, bold: true) : theme.style(.muted)),
      Span("\(Self.title)", theme.style(.title, bold: true)),
    ]
    let more = subtitle(context)
    if !more.isEmpty { left += [Span(" ")] + more }
    if let mark = narrowingMark(context) { left += [Span(" " + mark, theme.style(.warn))] }
    var right = fact(context)
    if let seconds = context.staleSeconds {
      right = [
        Span(
          "\(context.glyphs.warning) stale \(TimeText.age(seconds: seconds))", theme.style(.warn, bold: true))
      ]
    }
    let inside = grid.box(
      rect, border: theme.style(context.isFocused ? .borderFocused : .border), left: left, right: right,
      glyphs: context.glyphs)
    guard !inside.isEmpty else { return }
    if context.isNothingKept, !Self.hasOwnPast {
      let time = TimeText.clock(context.at, offset: context.clockOffset)
      drawEmpty("nothing was kept of \(time)", into: &grid, rect: inside, context: context)
    } else if let reason = emptyReason(context) {
      let isUntold = Self.told.map { context.unknown.contains($0) } ?? false
      drawEmpty(
        context.connectionNote ?? (isUntold ? "no gateway tells of this" : reason), into: &grid, rect: inside,
        context: context)
    } else {
      drawContent(into: &grid, rect: inside, context: context)
    }
  }

  /// What of the filter the pane does not follow; nil when it follows all.
  func narrowingMark(_ context: PaneContext) -> String? {
    let others = context.settings.filter.keys.filter { !narrows.contains($0) }
    if !others.isEmpty { return "not by " + others.joined(separator: ", ") }
    return context.narrowsToServiceNodes && sumsFunctions ? "all nodes" : nil
  }

  private func drawEmpty(_ reason: String, into grid: inout Grid, rect: Rect, context: PaneContext) {
    let lines = reason.wrapped(to: max(1, rect.width - 2))
    let first = rect.y + max(0, (rect.height - lines.count) / 2)
    for (index, line) in lines.enumerated() where first + index < rect.maxY {
      grid.draw(
        line, at: rect.x + 1, first + index, width: rect.width - 2, context.muted, .center,
        ellipsis: context.glyphs.ellipsis)
    }
  }

  /// The reason of an empty pane, or that the filter hides it all.
  func reason(_ text: String, _ context: PaneContext) -> String {
    let filter = context.settings.filter.text
    return filter.isEmpty ? text : "nothing matches the filter \(filter.shown)"
  }
}
