import OutsideText
import TopModel

extension DetailPage {
  /// How far the events that are kept were looked through, in the place of what they tell of; nil once all were.
  func searching(_ content: ScreenContent) -> String? {
    content.searchedPercent.map { "searching\(context.glyphs.ellipsis) \($0)% of the events that are kept" }
  }

  /// Under a heading, in the place of what the events tell; false once all were looked through.
  mutating func isSearching(_ title: String, _ content: ScreenContent) -> Bool {
    guard let text = searching(content) else { return false }
    head(title)
    note(text)
    return true
  }

  /// Requests by node, user, version and error, as the kept events tell: with how many there are, and since when.
  mutating func addBreakdown(
    _ view: EventBreakdown, of what: String, skippingFunctions: Bool = false, skippingUsers: Bool = false
  ) {
    guard view.requests > 0, let since = view.since else {
      head("From events")
      note("no event of \(what) is kept")
      return
    }
    head(
      "From the events that are kept: \(NumberText.grouped(Int64(view.requests))) \(what) since "
        + TimeText.clock(since, offset: context.clockOffset))
    // They go back further than the page's other numbers.
    if let recent = view.inWindow {
      note(
        "of them in \(context.window): \(NumberText.grouped(Int64(recent.requests))) \(what), "
          + "\(NumberText.short(recent.failed)) failed, \(NumberText.short(recent.refused)) refused")
    }
    lines.append([
      Span("".padded(to: 9 + nameWidth) + "REQUESTS FAILED REFUSED     P50     MAX", context.muted)
    ])
    if !skippingFunctions { addParts("function", view.functions) }
    addParts("node", view.nodes) { NodeDetail(id: "s" + $0.name) }
    if !skippingUsers { addParts("user", view.users) { UserDetail(name: $0.name) } }
    if view.gateways.count > 1 { addParts("gateway", view.gateways) { NodeDetail(id: "g" + $0.name) } }
    if view.versions.count > 1 { addParts("version", view.versions) }
    addParts("error", view.errors)
  }

  /// The worst of them; the rest is counted.
  private mutating func addParts(
    _ kind: String, _ parts: [EventBreakdown.Part],
    to detail: (EventBreakdown.Part) -> (any Detail)? = { _ in nil }
  ) {
    for (index, part) in parts.prefix(Self.mostParts).enumerated() {
      func count(_ value: Int, _ width: Int, _ key: ThemeKey) -> Span {
        Span(
          NumberText.short(value).padded(to: width, .right), value > 0 ? context.style(key) : context.muted)
      }
      let label = index == 0 ? kind : ""
      let key: ThemeKey = kind == "error" ? .warn : .title
      // What went wrong, and where, is whole.
      addName(label, part.name, key)
      lines.append([
        Span((nameIsWhole(part.name) ? label : "").padded(to: 9), context.muted),
        Span((nameIsWhole(part.name) ? part.name.shown : "").padded(to: nameWidth), context.style(key)),
        count(part.requests, 8, .text),
        Span(
          NumberText.short(part.failed).padded(to: 7, .right),
          context.style(Severity.failures(Int64(part.failed), of: Int64(part.requests)))),
        count(part.refused, 8, .warn),
        Span(TimeText.duration(microseconds: part.p50).padded(to: 8, .right), context.text),
        Span(TimeText.duration(microseconds: part.slowest).padded(to: 8, .right), context.text),
      ])
      link(detail(part))
    }
    if parts.count > Self.mostParts {
      note("".padded(to: 9) + "and \(NumberText.counted(parts.count - Self.mostParts, kind)) more")
    }
  }

  private static let mostParts = 5

  /// The latest ends of requests, those that went wrong first; each leads to its request.
  mutating func addEnds(_ ends: [EventRow], most: Int) {
    guard !ends.isEmpty else { return }
    head("Latest requests, what went wrong first")
    func outcome(_ end: EventRow) -> String { end.record.outcomeName?.words ?? "unknown" }
    let width = ends.prefix(most).reduce(2) { max($0, min(20, DisplayWidth.of(outcome($1)))) }
    for end in ends.prefix(most) {
      let record = end.record
      let function = [record.service, record.requestType].compactMap(\.self).joined(separator: " ")
      lines.append([
        Span(TimeText.preciseClock(record.at, offset: context.clockOffset) + " ", context.muted),
        Span(EventText.symbol(end.severity, context.glyphs) + " ", EventText.style(end.severity, context)),
        Span(name: function.shown, to: 30, context.style(.title)),
        Span(
          TimeText.duration(microseconds: record.durationUs).padded(to: 8, .right) + "  ", context.text),
        Span(outcome(end).padded(to: width) + "  ", EventText.style(end.severity, context)),
        Span(record.requestID?.shown ?? "", context.muted),
      ])
      link(record.requestID.map { RequestDetail(id: $0) })
    }
  }
}
