import GenAPITelemetry
import OutsideText
import TopModel

/// An alert, by `AlertRow.id`.
struct AlertDetail: Detail {
  let id: ByteText

  func load(_ content: inout ScreenContent, _ source: PaneSource) {
    if content.alerts.isEmpty { AlertsPane.load(&content, source) }
    content.episodes = source.model.alertEpisodes(source.settings)
    content.loadCauses(source)
  }

  func write(_ page: inout DetailPage, _ content: ScreenContent) { page.addAlert(id, content) }
}

extension DetailPage {
  mutating func addAlert(_ id: ByteText, _ content: ScreenContent) {
    guard let row = alert(id, content.alerts) else { return }
    title = "Alert"
    field("rule", row.rule.string, .title)
    let state: (String, ThemeKey) =
      row.isFiring
      ? ("firing", .critical) : row.isOn ? ("holds, not yet for long enough", .warn) : ("quiet", .ok)
    field("state", state.0, state.1)
    field("concerns", row.subject?.string)
    if let cause = content.cause(of: row) {
      lines[lines.count - 1].append(Span("  Enter goes there", context.muted))
      link(cause)
    }
    field("now", row.value?.string)
    if let detail = row.detail { field("why", detail.string) }
    field("since", time(row.since))
    let others = content.alerts.filter { $0.rule == row.rule && $0.id != row.id && $0.isOn }
    if !others.isEmpty { head("The same rule holds for") }
    for other in others.prefix(100) {
      lines.append([
        Span(
          (other.isFiring ? context.glyphs.critical : context.glyphs.half) + " ",
          context.style(other.isFiring ? .critical : .warn)),
        Span(name: (other.subject ?? "").shown, to: 40, context.style(.title)),
        Span(" " + (other.value ?? "").shown.padded(to: 8, .right), context.text),
        Span("  since " + (other.since.map(context.age(of:)) ?? context.glyphs.dash), context.muted),
      ])
      link(content.cause(of: other))
    }
    addEpisodes(content.episodes.filter { $0.rule == row.rule })
  }

  /// A rule that was quiet is now there with what it holds for, and the other way round: the page goes on.
  private func alert(_ id: ByteText, _ rows: [AlertRow]) -> AlertRow? {
    if let row = rows.first(where: { $0.id == id }) { return row }
    func rule(_ id: ByteText) -> ByteText { id.parted(at: 0x1F)?.before ?? id }
    guard let sibling = rows.first(where: { rule($0.id) == rule(id) }) else { return nil }
    guard let subject = id.parted(at: 0x1F)?.after else { return sibling }
    return AlertRow(id: id, rule: sibling.rule, subject: subject, isCritical: sibling.isCritical)
  }

  /// The times that a rule fired, the latest first.
  private mutating func addEpisodes(_ episodes: [AlertEpisode]) {
    head("Fired since the dashboard started")
    if episodes.isEmpty { note("never") }
    for episode in episodes.reversed().prefix(50) {
      let length = TimeText.age(of: episode.from, at: episode.until.map { min($0, context.at) } ?? context.at)
      lines.append([
        Span(TimeText.clock(episode.from, offset: context.clockOffset), context.text),
        Span(
          (episode.until == nil ? "  for \(length) so far" : "  for \(length)").padded(to: 18), context.muted),
        Span(name: (episode.subject ?? "").shown, to: 34, context.style(.title)),
        Span(" " + (episode.value ?? "").shown, context.text),
      ])
      guard let detail = episode.detail?.shown, episode.detail != episode.value else { continue }
      // Why, behind it or below.
      if lines[lines.count - 1].displayWidth + 2 + DisplayWidth.of(detail) <= available {
        lines[lines.count - 1].append(Span(": " + detail, context.text))
      } else {
        for part in detail.wrapped(to: max(20, available - 28)).prefix(3) {
          lines.append([Span(String(repeating: " ", count: 26)), Span(part, context.text)])
        }
      }
    }
  }
}
