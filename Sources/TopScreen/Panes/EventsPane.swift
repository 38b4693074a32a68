import GenAPIStream
import GenAPITelemetry
import OutsideText
import TopModel

/// The live tail: one line an event, the newest at the bottom.
struct EventsPane: Pane {
  static let title: StaticString = "Events"
  static var hasOwnPast: Bool { true }
  static let told: StateField? = .eventsEmitted
  static let narrowedBy: Set<String> = [
    "service", "type", "version", "node", "user", "req", "trace", "cat", "event", "status", "dur", "text",
  ]
  static let columnNames = ["time", "node", "event", "service", "type", "took", "what", "request"]
  static var hints: [(command: Command, label: String)] { [(.open, "Details"), (.pickEvents, "Events")] }
  static var isPreviewed: Bool { false }
  static var isTail: Bool { true }

  /// Oldest first.
  var rows: [EventRow]
  var isFollowing: Bool
  /// Some kept events were not looked at yet.
  var isSearching = false
  /// Events that are kept to be looked at, of so many that came.
  var kept = 0
  var seen: Int64 = 0
  var widths: EventWidths?

  var rowIDs: RowIDs { RowIDs(rows.map(\.id)) }
  var headLines: Int { 0 }

  func subtitle(_ context: PaneContext) -> [Span] {
    if let mark = context.mark {
      let since = rows.count { $0.record.at > mark }
      return [Span("\(NumberText.short(since)) of these since the mark", context.style(.accent))]
    }
    guard seen > 0, context.width >= 60 else { return [] }
    let text =
      Int64(kept) == seen
      ? "all \(NumberText.grouped(seen)) kept"
      : "\(NumberText.grouped(Int64(kept))) of \(NumberText.grouped(seen)) kept"
    return [Span(text, context.muted)]
  }

  func fact(_ context: PaneContext) -> [Span] {
    if isSearching { return [Span("searching", context.style(.accent))] }
    if context.settings.moment != .live { return [Span("paused", context.style(.warn))] }
    return isFollowing
      ? [Span("following", context.style(.ok))]
      : [Span("held  g oldest  G follows", context.style(.warn))]
  }

  func emptyReason(_ context: PaneContext) -> String? {
    guard rows.isEmpty else { return nil }
    if isSearching { return "looking through the events that are kept" }
    let isLive = context.settings.moment == .live
    return reason(
      isLive
        ? "no events yet" : "no event of this moment is kept: only the newest are, and troubles for longer",
      context)
  }

  func drawContent(into grid: inout Grid, rect: Rect, context: PaneContext) {
    var context = context
    let ids: RowIDs
    if isFollowing {
      // The newest row, whichever it is: hundreds of identities need not be made for it.
      ids = RowIDs(Array(repeating: "", count: rows.count))
      context.list = ListState()
      context.list.index = rows.count - 1
    } else {
      ids = rowIDs
      context.list = context.list.shifted(to: ids)
    }
    var table = Table(columns: columns(context))
    table.hasHead = false
    table.draw(rows, ids: ids, into: &grid, rect: rect, context: context)
  }

  /// The rows that the columns' widths are made for: of a stream that is followed, as many as no screen is high.
  private var measured: ArraySlice<EventRow> { isFollowing ? rows.suffix(128) : rows[...] }

  /// Of the longest name, by its bytes: names are ASCII, but for those of a stranger.
  private var eventWidth: Int {
    if widths != nil { return 32 }
    let longest = measured.reduce(0) { max($0, $1.record.name.utf8.count) } - EventName.prefix.utf8.count
    return min(32, max(22, longest))
  }

  private func columns(_ context: PaneContext) -> [Table<EventRow>.Column] {
    // On a narrow screen what went wrong is worth more than the milliseconds.
    let isPrecise = context.width >= 100
    // All but the names of breakers' events are whole then, and there is room for what each says.
    let eventWidth = context.width >= 150 ? eventWidth : min(26, eventWidth)
    let measured = Array(measured)
    // Identities are told by nobody before they come: the room is for those that are here.
    let request = Table.longest(measured, most: 18) { $0.record.requestID }
    return [
      .init("TIME", isPrecise ? 12 : 8) { row in
        let offset = context.clockOffset
        let time =
          isPrecise
          ? TimeText.preciseClock(row.record.at, offset: offset)
          : TimeText.clock(row.record.at, offset: offset)
        return [Span(time, context.muted)]
      },
      .init(
        "NODE", 4, most: widths?.node ?? Table.longest(measured, most: 12) { $0.node }, rank: 6, isName: true
      ) {
        [Span($0.node.shown, context.muted)]
      }.beside(context.gateways),
      .init("", 1) {
        [Span(EventText.symbol($0.severity, context.glyphs), EventText.style($0.severity, context))]
      },
      // What happened is worth more than the whole of whose it was.
      .init("EVENT", context.width >= 118 ? eventWidth : 22, most: eventWidth, isName: true) { row in
        [Span(EventText.name(row.record).shown, EventText.style(row.severity, context))]
      },
      .init(
        "SERVICE", 10, most: widths?.service ?? Table.longest(measured, most: 20) { $0.record.service },
        rank: 2,
        isName: true
      ) { row in
        [Span(row.record.service?.shown ?? "", context.text)]
      },
      .init(
        "TYPE", 10, most: widths?.type ?? Table.longest(measured, most: 22) { $0.record.requestType },
        rank: 3,
        isName: true
      ) { row in
        [Span(row.record.requestType?.shown ?? "", context.style(.title))]
      },
      .init("TOOK", 6, .right, rank: 1) { row in
        [Span(row.record.durationUs.map { TimeText.duration(microseconds: $0) } ?? "", context.text)]
      },
      .init("WHAT", 12, most: 80, rank: 4) { row in
        [Span(EventText.summary(row.record).shown, EventText.style(row.severity, context))]
      },
      .init(
        "REQUEST", min(10, max(request, 7)), most: request, rank: 5, isName: true
      ) { row in
        [Span(row.record.requestID?.shown ?? "", context.muted)]
      },
    ]
  }
}

extension EventsPane {
  static var empty: [EventRow] { [] }

  static func content(_ source: PaneSource) -> [EventRow] { found(source).rows }

  static func load(_ content: inout ScreenContent, _ source: PaneSource) {
    let found = found(source)
    content.events = found.rows
    content.eventWidths = source.views.ofNames(source.model) { EventWidths(source.model) }
    content.isSearching = content.isSearching || !found.isComplete
  }

  init(_ content: ScreenContent, _ state: ScreenState) {
    rows = content.events
    isFollowing = state.isFollowing
    isSearching = content.isSearching
    kept = content.header.keptEvents
    seen = content.header.seenEvents
    widths = content.eventWidths
  }

  func subject(of id: ByteText) -> DetailDialog.Subject? {
    rows.first { $0.id == id }.map { .init(EventDetail(row: $0)) }
  }

  func copyText(of id: ByteText, _ state: ScreenState) -> String? {
    rows.first { $0.id == id }.map { text($0, state) }
  }

  func searchTexts(_ state: ScreenState) -> [String] { rows.map { text($0, state).shown } }

  private func text(_ row: EventRow, _ state: ScreenState) -> String {
    let fields = (Array(row.record.measurements) + Array(row.record.metadata))
      .map { "\($0.key)=\(EventText.text(of: $0.value))" }
    let head = [
      TimeText.preciseClock(row.record.at, offset: state.clockOffset), row.node.string,
      row.record.name.string,
    ]
    return (head + fields).joined(separator: " ")
  }
}

extension ScreenContent {
  /// Oldest first.
  package var events: [EventRow] {
    get { self[EventsPane.self] }
    set { self[EventsPane.self] = newValue }
  }
}
