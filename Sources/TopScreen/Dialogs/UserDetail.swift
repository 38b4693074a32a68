import GenAPITelemetry
import OutsideText
import TopModel

/// Everything about a user, by the name that limits and events have.
struct UserDetail: Detail {
  let name: ByteText

  func load(_ content: inout ScreenContent, _ source: PaneSource) {
    if content.limits.isEmpty { LimitsPane.load(&content, source) }
    if content.relay.isEmpty { RelayPane.load(&content, source) }
    let found = source.views.userEvents(
      source.model, user: name, source.settings, lookingThrough: source.most)
    content.note(found)
    content.breakdown = EventBreakdown(found.rows, windowFrom: source.model.windowBegin(source.settings))
    content.trace = Array(found.rows.suffix(Self.mostEvents))
  }

  /// Of the newest events that are no ends of requests.
  static let mostEvents = 200

  func write(_ page: inout DetailPage, _ content: ScreenContent) { page.addUser(name, content) }

  func terms(_ content: ScreenContent) -> [FilterTermText] { [FilterTermText("user", name)] }
}

extension DetailPage {
  /// Whom limits refuse, what was asked, and the groups: each leads further.
  mutating func addUser(_ name: ByteText, _ content: ScreenContent) {
    title = "User \(name.shown)"
    let view = content.breakdown
    if let text = searching(content) {
      field("requests", text)
      addLimits(of: name, content)
      addGroups(of: name, content)
      return
    }
    field(
      "requests",
      view.requests == 0
        ? nil
        : "\(NumberText.grouped(Int64(view.requests))) in the events kept: \(view.failed) failed, \(view.refused) refused",
      view.failed + view.refused > 0 ? .warn : .text)
    addLimits(of: name, content)
    addEnds(view.ends, most: 12)
    if view.requests > 0 {
      addBreakdown(view, of: "requests", skippingUsers: true)
    }
    addGroups(of: name, content)
    let others = content.trace.filter { !$0.record.endsRequest && $0.record.requestID == nil }.suffix(8)
      .reversed()
    if !others.isEmpty { head("Other events") }
    for row in others {
      lines.append([
        Span(TimeText.preciseClock(row.record.at, offset: context.clockOffset) + " ", context.muted),
        Span(String(row.record.shortName).shown + "  ", EventText.style(row.severity, context)),
        Span(EventText.summary(row.record).shown, context.text),
      ])
      link(EventDetail(row: row))
    }
  }

  private mutating func addLimits(of name: ByteText, _ content: ScreenContent) {
    let used = content.limits.flatMap { limit in
      limit.keys.filter { $0.value == name }.map { (limit: limit, key: $0) }
    }
    guard !used.isEmpty else { return }
    head("Rate limits")
    for (limit, key) in used.prefix(20) {
      let bar = context.glyphs.bar(key.fraction, width: 16)
      let level = Severity.level(key.fraction)
      lines.append([
        Span(
          name: "\(limit.scope) \(limit.key)".shown, to: 32,
          context.style(.title)),
        Span(" " + bar.filled, context.style(level)), Span(bar.track, context.style(.border)),
        Span(
          " \(NumberText.short(key.used))/\(NumberText.short(key.max))".padded(to: 12), context.style(level)),
        Span(
          "refused \(NumberText.short(key.rejections.map { _ in key.refused }))",
          key.refused > 0 ? context.style(.critical, bold: true) : context.muted),
        Span(
          refusing(key, limit).map {
            "  limit refuses since \(TimeText.clock($0.since, offset: context.clockOffset))"
          } ?? "",
          context.style(.warn)),
        Span("  " + key.node.shown, context.muted),
      ])
      link(LimitDetail(id: limit.id))
    }
  }

  /// Since when a limit refuses, where it refuses this key now: others may be refused while this one is not.
  private func refusing(_ key: LimitRow.Key, _ limit: LimitRow) -> LimitRow.Refusing? {
    guard key.used >= key.max, key.refused > 0, limit.isRefusing(at: context.at) else { return nil }
    return limit.refusing
  }

  private mutating func addGroups(of name: ByteText, _ content: ScreenContent) {
    let groups = content.relay.compactMap { row in
      row.group.members.first { $0.userID == name }.map { (row: row, member: $0) }
    }
    guard !groups.isEmpty else { return }
    head("Groups")
    for (row, member) in groups.prefix(20) {
      lines.append([
        Span(
          name: row.group.groupID.shown, to: 26,
          context.style(.title)),
        Span(
          " " + member.status.shown.padded(to: 8),
          context.style(member.status == "active" ? .ok : member.status == "pending" ? .warn : .critical)),
        Span(" " + member.role.shown, context.muted),
        Span(
          "  \(row.connections(of: member)) conn  since \(context.age(of: member.since))",
          context.muted),
        Span("  " + row.node.shown, context.muted),
      ])
      link(GroupDetail(id: row.id))
    }
  }
}
