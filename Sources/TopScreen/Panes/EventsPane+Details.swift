import GenAPIStream
import OutsideText
import TopModel

/// An event: itself, since the tail moves on.
struct EventDetail: Detail {
  let row: EventRow

  func write(_ page: inout DetailPage, _ content: ScreenContent) { page.addEvent(row) }

  func terms(_ content: ScreenContent) -> [FilterTermText] {
    if let id = row.record.requestID { return [FilterTermText("req", id)] }
    return [
      row.record.service.map { FilterTermText("service", $0) }
        ?? FilterTermText("event", row.record.shortName)
    ]
  }
}

/// Every event of a request, by its id.
struct RequestDetail: Detail {
  let id: ByteText

  func load(_ content: inout ScreenContent, _ source: PaneSource) {
    content.findTrace(of: id, source)
  }

  func write(_ page: inout DetailPage, _ content: ScreenContent) { page.addTrace(id, content) }

  func terms(_ content: ScreenContent) -> [FilterTermText] { [FilterTermText("req", id)] }
}

extension DetailDialog.Subject {
  /// Every event of a request, by its id.
  package static func request(_ id: ByteText) -> Self { Self(RequestDetail(id: id)) }
}

extension DetailPage {
  /// Every field of an event.
  mutating func addEvent(_ row: EventRow) {
    let record = row.record
    title = String(record.shortName).shown
    field("event", record.name.string, .title)
    if let id = record.requestID {
      field("request", "\(id): Enter shows every event of it", .accent)
      link(RequestDetail(id: id))
    }
    if let service = record.service, let type = record.requestType {
      field("function", "\(service) \(type)", .accent)
      link(FunctionDetail(id: RequestRow.id(service: service, requestType: type, version: record.version)))
    }
    if let user = record.userID {
      field("user", user.string, .accent)
      link(UserDetail(name: user))
    }
    field("node", row.node.string)
    field("number", String(record.sequence))
    field("time", time(record.at))
    if !record.measurements.isEmpty { head("Measurements") }
    for (name, value) in record.measurements.prefix(60) {
      var text = EventText.text(of: value)
      if name == "duration_us", let duration = value.int {
        text += " (\(TimeText.duration(microseconds: duration)))"
      }
      field(name.string, text)
    }
    if !record.metadata.isEmpty { head("Metadata") }
    for (name, value) in record.metadata.prefix(60) { field(name.string, EventText.text(of: value)) }
  }

  /// A request from its start to its end, with the time since the start.
  mutating func addTrace(_ id: ByteText, _ content: ScreenContent) {
    title = "Request \(id.shown)"
    if let text = searching(content) { note(text) }
    guard let first = content.trace.first else {
      if content.searchedPercent == nil { note("no event of this request is kept any more") }
      return
    }
    let known = content.trace.last { $0.record.endsRequest && $0.record.durationUs != nil }?.record
    // What its end says it took goes further back than what is kept of it.
    let isCut = first.record.known != .executorRequestStart
    let begun = isCut ? known.map { $0.at.saturatingSubtract($0.durationUs ?? 0) } : nil
    let start = min(begun ?? first.record.at, first.record.at)
    let last = content.trace.map(\.record.at).max() ?? start
    let stop = content.trace.last { $0.record.endsRequest }?.record
    field(
      "function", [first.record.service, first.record.requestType].compactMap(\.self).joined(separator: " "),
      .title)
    field("started", isCut && begun == nil ? nil : time(start))
    field("took", TimeText.duration(microseconds: stop?.durationUs ?? last.saturatingSubtract(start)))
    field(
      "outcome", stop.map { $0.outcomeName?.string ?? "unknown" }, stop?.outcome == .ok ? .ok : .critical)
    if isCut {
      field(
        "kept",
        begun == nil
          ? "its beginning is not kept any more: offsets are from the first event that is"
          : "its beginning is not kept any more: the start is the end less what it took", .warn)
    }
    head("Events")
    let total = max(1, last.saturatingSubtract(start))
    let barWidth = min(24, max(6, available - 86))
    for row in content.trace {
      let offset = row.record.at.saturatingSubtract(start)
      lines.append(
        [Span(("+" + TimeText.duration(microseconds: offset)).padded(to: 9, .right) + " ", context.muted)]
          + bar(offset: offset, duration: row.record.durationUs ?? 0, total: total, width: barWidth)
          + [
            Span(
              " \(EventText.symbol(row.severity, context.glyphs)) ", EventText.style(row.severity, context)),
            Span(name: String(row.record.shortName).shown, to: 28, EventText.style(row.severity, context)),
            Span(
              " "
                + (row.record.durationUs.map { TimeText.duration(microseconds: $0) } ?? "").padded(
                  to: 7, .right), context.text),
            Span("  " + EventText.summary(row.record).shown, context.muted),
          ])
      link(EventDetail(row: row))
    }
    if let service = first.record.service, let type = first.record.requestType {
      head("Further")
      field("function", "\(service) \(type)", .accent)
      link(
        FunctionDetail(id: RequestRow.id(service: service, requestType: type, version: first.record.version)))
    }
    if let user = content.trace.compactMap(\.record.userID).first {
      field("user", user.string, .accent)
      link(UserDetail(name: user))
    }
  }

  /// Where in the request a step lay: it ends when its event came, and began its duration before.
  private func bar(offset: Int64, duration: Int64, total: Int64, width: Int) -> [Span] {
    func place(_ time: Int64) -> Int {
      let fraction = Double(min(max(time, 0), total)) / Double(total)
      return min(width - 1, max(0, Int(fraction * Double(width))))
    }
    let last = place(offset)
    let first = min(last, place(offset.saturatingSubtract(min(max(duration, 0), max(offset, 0)))))
    return [
      Span(String(repeating: String(context.glyphs.dot), count: first), context.style(.border)),
      Span(String(repeating: context.glyphs.busy, count: last - first + 1), context.style(.accent)),
      Span(String(repeating: String(context.glyphs.dot), count: width - last - 1), context.style(.border)),
    ]
  }
}
