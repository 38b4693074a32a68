import OutsideText
import TopModel

/// The requests of a cell of the heat map, as far as their events are kept.
struct HeatDetail: Detail {
  /// Since the Unix epoch.
  let seconds: ClosedRange<Int64>
  /// Microseconds.
  let durations: Range<Int64>
  let scope: LatencyScope
  /// What the gateways counted.
  let count: Int64

  /// A gateway's second is told of when it is over: what it counted ended in it, or shortly before or after.
  private var times: ClosedRange<Int64> {
    let first = seconds.lowerBound.saturatingSubtract(2).saturatingMultiply(1_000_000)
    return first...max(first, seconds.upperBound.saturatingAdd(2).saturatingMultiply(1_000_000))
  }

  func load(_ content: inout ScreenContent, _ source: PaneSource) {
    var wanted = RequestEnds(
      filter: source.settings.filter, scope: scope, times: times, durations: durations)
    wanted.spans = source.model.countedSpans(seconds)
    let found = source.views.requestEnds(source.model, wanted, lookingThrough: source.most)
    content.isSearching = content.isSearching || !found.isComplete
    content.breakdown = EventBreakdown(found.rows)
    content.eventsSince = source.model.eventsCompleteSince
  }

  func write(_ page: inout DetailPage, _ content: ScreenContent) { page.addHeat(self, content) }
}

extension DetailPage {
  fileprivate mutating func addHeat(_ cell: HeatDetail, _ content: ScreenContent) {
    let time = LatencyPane.times(cell.seconds, context)
    title = "Requests of \(LatencyPane.durations(cell.durations)) at \(time)"
    field("of", cell.scope.label)
    // Of seconds that were not over it may have become more.
    let isSame = content.latency.scope == cell.scope
    let now = isSame ? content.latency.count(cell.seconds, cell.durations) : nil
    field("counted", "\(NumberText.grouped(max(cell.count, now ?? 0))) by the gateways")
    let view = content.breakdown
    guard view.requests > 0 else {
      field("events", content.isSearching ? "still looked for" : "none of them is kept", .warn)
      if let since = content.eventsSince {
        note(
          "every event is kept since \(TimeText.clock(since, offset: context.clockOffset)), of those before some that failed"
        )
      }
      return
    }
    let counted = max(cell.count, now ?? 0)
    if Int64(view.requests) < counted, let since = content.eventsSince, !content.isSearching {
      let clock = TimeText.clock(since, offset: context.clockOffset)
      field(
        "events", "of \(NumberText.grouped(Int64(view.requests))) of them kept; every event since \(clock)",
        .warn)
    }
    addEnds(view.ends, most: 20)
    addBreakdown(view, of: "requests")
  }
}
