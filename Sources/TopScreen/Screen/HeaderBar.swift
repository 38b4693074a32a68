import GenAPITelemetry
import OutsideText
import TopModel

/// The top line: is it live, how much goes on, what is filtered, what was lost, what time it is.
struct HeaderBar {
  var content: ScreenContent
  var state: ScreenState
  var theme: Theme
  var glyphs: GlyphSet

  /// A part of the line; the highest rank goes first when there is too little room.
  private struct Part {
    var spans: [Span]
    var rank: Int
  }

  func draw(into grid: inout Grid, rect: Rect) {
    grid.fill(rect, ground)
    var left = leftParts
    let clock = Span(TimeText.clock(header.at, offset: state.clockOffset), theme.style(.headerText))
    var trend =
      header.trend.isEmpty ? "" : glyphs.sparkline(header.trend, width: min(20, max(8, rect.width / 8)))
    let gap = rect.width >= 100 ? 3 : 2
    func width() -> Int { left.reduce(1) { $0 + $1.spans.displayWidth + gap } + clock.text.count + 1 }
    if width() + trend.count + 2 > rect.width { trend = "" }
    while width() > rect.width, let worst = left.indices.max(by: { left[$0].rank < left[$1].rank }),
      left[worst].rank > 0
    {
      left.remove(at: worst)
    }
    var x = rect.x + 1
    for part in left {
      x += grid.draw(part.spans, at: x, rect.y, width: rect.maxX - x, ellipsis: glyphs.ellipsis) + gap
    }
    var right = rect.maxX - 1 - clock.text.count
    if right >= x - gap + 1 { grid.draw([clock], at: right, rect.y, width: clock.text.count) }
    right -= trend.count + 2
    if !trend.isEmpty, right >= x {
      grid.draw(trend, at: right, rect.y, width: trend.count, theme.style(.graphLow))
    }
  }

  private var header: HeaderView { content.header }

  /// As bad as the worst of the alerts that fire.
  private var alertKey: ThemeKey { header.firesCritical ? .critical : .warn }

  /// Coloured while alerts fire.
  private var ground: Style {
    guard header.firingAlerts > 0, let critical = theme[alertKey],
      let base = theme[.header] ?? theme[.background]
    else { return Style(theme[.headerText], on: theme[.header] ?? theme[.background]) }
    // Warnings are light, and the header is to be read on them.
    return Style(theme[.headerText], on: base.mixed(with: critical, header.firesCritical ? 0.35 : 0.2))
  }

  private var leftParts: [Part] {
    var parts = [Part(spans: [Span("genapi-top", style(.title, bold: true))], rank: 6)]
    parts.append(Part(spans: [connection], rank: 0))
    if let reason {
      parts.append(Part(spans: [Span(reason, style(.critical))], rank: 0))
    } else if let gone {
      parts.append(Part(spans: [Span(gone, style(.critical))], rank: 0))
    }
    if header.firingAlerts > 0 {
      let text =
        "\(header.firesCritical ? glyphs.critical : glyphs.warning) \(NumberText.counted(header.firingAlerts, "alert"))"
        + (state.isPaused ? " now" : "")
      parts.append(Part(spans: [Span(text, style(alertKey, bold: true))], rank: 0))
    }
    if let bytes = state.recordedBytes {
      let text = "\(glyphs.record) rec \(NumberText.bytes(bytes))"
      parts.append(Part(spans: [Span(text, style(.critical, bold: true))], rank: 1))
    }
    if let speed = state.replaySpeed {
      var spans = [Span("replay ×\(NumberText.short(speed))", style(.accent))]
      if let pace = state.replayPace {
        let text = NumberText.short(pace < 10 ? pace : pace.rounded(.down))
        spans.append(Span(" (×\(text))", style(.warn, bold: true)))
      }
      parts.append(Part(spans: spans, rank: 1))
    }
    let areAllUp = header.nodesUp == header.nodesTotal
    parts.append(
      Part(
        spans: [
          Span(
            "\(header.nodesUp)/\(header.nodesTotal)",
            style(areAllUp ? .headerText : .critical, bold: !areAllUp)),
          label(header.nodesTotal == 1 ? " gateway" : " gateways"),
        ], rank: 3))
    for (count, word) in [(header.draining, "draining"), (header.unready, "not ready")] where count > 0 {
      parts.append(Part(spans: [Span("\(glyphs.half) \(count) \(word)", style(.warn, bold: true))], rank: 0))
    }
    if let fault = header.fault {
      let text = fault.shown.truncated(to: max(24, state.size.width / 2), ellipsis: glyphs.ellipsis)
      parts.append(Part(spans: [Span(text, style(.warn))], rank: 2))
    }
    for fault in faults { parts.append(Part(spans: [fault], rank: 1)) }
    let isKept = !header.isNothingKept
    func rate(_ value: Double, _ field: StateField) -> String {
      guard isKept, !header.unknown.contains(field), header.ratesKnown != .none else { return glyphs.dash }
      // Others have been reached and tell theirs in a moment; that it is none or more says nothing.
      if header.ratesKnown == .part, value < 0.5 { return glyphs.dash }
      return (header.ratesKnown == .part ? glyphs.atLeast : "") + NumberText.grouped(value)
    }
    parts.append(number(rate(header.requestsPerSecond, .series), 6, " req/s", rank: 2))
    parts.append(number(rate(header.eventsPerSecond, .eventsEmitted), 7, " ev/s", rank: 5))
    let lostStyle = header.lost > 0 ? style(.warn, bold: true) : style(.muted)
    parts.append(
      Part(
        spans: [label("lost "), Span(NumberText.grouped(header.lost).padded(to: 5), lostStyle)],
        // A fault, of which nothing else tells: it is never what there is no room for.
        rank: header.lost > 0 ? 0 : 4))
    if header.cut > 0 {
      parts.append(
        Part(spans: [label("cut "), Span(NumberText.grouped(header.cut), style(.warn, bold: true))], rank: 4))
    }
    if let short = header.shortSeconds {
      let text = TimeText.age(seconds: Int64(short))
      parts.append(
        Part(spans: [label("history "), Span(text, style(.warn, bold: true))], rank: 4))
    }
    if let mark = state.mark {
      let time = TimeText.clock(mark, offset: state.clockOffset)
      parts.append(Part(spans: [label("vs "), Span("◆\(time)", style(.accent, bold: true))], rank: 1))
    }
    if !state.settings.filter.text.isEmpty {
      let text = state.settings.filter.text.shown.truncated(to: 40, ellipsis: glyphs.ellipsis)
      parts.append(Part(spans: [label("filter "), Span(text, style(.accent, bold: true))], rank: 1))
    }
    return parts
  }

  /// What is wrong that no number of the line tells.
  private var faults: [Span] {
    var faults: [Span] = []
    /// `gw2 reload failed`, `gw2 reload failed +1`: the first of those of which it is so, by name.
    func add(_ glyph: String, _ names: [ByteText], _ what: String, _ key: ThemeKey) {
      guard let first = names.first else { return }
      let room = max(8, min(24, state.size.width / 6))
      let name = first.shown.truncatedInside(to: room, ellipsis: glyphs.ellipsis)
      let more = names.count > 1 ? " +\(names.count - 1)" : ""
      faults.append(Span("\(glyph) \(name) \(what)\(more)", style(key, bold: true)))
    }
    add(glyphs.down, header.serviceNodesDown, "down", .critical)
    add(glyphs.half, header.fullPools, "full", .critical)
    add(glyphs.half, header.failedReloads, "reload failed", .warn)
    if let left = header.certificateSeconds, let gateway = header.certificateGateway {
      let what = left <= 0 ? "certificate expired" : "certificate \(TimeText.age(seconds: left))"
      add(glyphs.half, [gateway], what, left <= 0 ? .critical : .warn)
    }
    // The first of each check that is degraded somewhere: there are few of them.
    var told: Set<ByteText> = []
    for entry in header.degraded where told.insert(entry.check).inserted {
      let gateways = header.degraded.filter { $0.check == entry.check }.map(\.gateway)
      add(glyphs.half, gateways, entry.check.words, .warn)
    }
    add(glyphs.half, header.failingPulls, "pull failing", .warn)
    return faults
  }

  private func label(_ text: String) -> Span { Span(text, style(.muted)) }

  /// On the ground of firing alerts only the header's own text colour can be read for sure.
  private func style(_ key: ThemeKey, bold: Bool = false) -> Style {
    theme.style(header.firingAlerts > 0 && theme[alertKey] != nil ? .headerText : key, bold: bold)
  }

  private func number(_ text: String, _ width: Int, _ unit: String, rank: Int) -> Part {
    Part(
      spans: [
        Span(
          text.padded(to: max(width, text.count), .right),
          style(content.staleSeconds == nil ? .headerText : .muted)), label(unit),
      ],
      rank: rank)
  }

  /// Why nothing comes any more, when no gateway is there: in which pane that is said does not matter then.
  private var reason: String? {
    guard !state.isPaused, !header.isPaused, content.staleSeconds != nil, !header.targets.isEmpty else {
      return nil
    }
    // The word before it says it already.
    if header.targets.allSatisfy({ $0.absence == .stopped }) { return nil }
    var reasons: [(name: ByteText, reason: ByteText)] = []
    for target in header.targets {
      guard case .down(let reason, _) = target.connection else { return nil }
      reasons.append((target.node ?? target.address, reason))
    }
    let room = max(20, state.size.width - 56)
    guard Set(reasons.map(\.reason)).count == 1 else {
      return reasons.map { "\($0.name): \($0.reason)" }.joined(separator: "; ").shown
        .truncated(to: room, ellipsis: glyphs.ellipsis)
    }
    // Of several the first and how many more, as where others are left.
    let more = reasons.count > 1 ? " +\(reasons.count - 1)" : ""
    let name = reasons[0].name.shown.truncatedInside(
      to: max(8, room / 2 - more.count), ellipsis: glyphs.ellipsis)
    let who = reasons.count > 1 ? name + more + ": " : ""
    return who
      + reasons[0].reason.shown.truncated(to: max(8, room - DisplayWidth.of(who)), ellipsis: glyphs.ellipsis)
  }

  /// `gwb gone`, `gwb silent +2`: who is not heard, once any was.
  private var gone: String? {
    guard !state.isPaused, !header.isPaused, !content.isUnconnected, !state.isReplayOver,
      state.behindSeconds == nil, state.readingUpTo == nil
    else {
      return nil
    }
    var absent: [(name: ByteText, word: String)] = []
    for target in header.targets where !target.isLive {
      let word: String? =
        switch target.absence {
        case .silent: "silent"
        case .stopped: "stopped"
        case .tokenRefused: "refused"
        case .down: "gone"
        case nil: if case .down = target.connection { "gone" } else { nil }
        }
      let name = target.node ?? target.address
      if let word, !absent.contains(where: { $0.name == name }) { absent.append((name, word)) }
    }
    guard let first = absent.first else { return nil }
    let tail = " " + first.word + (absent.count > 1 ? " +\(absent.count - 1)" : "")
    let room = max(8, state.size.width / 3 - tail.count)
    return first.name.shown.truncatedInside(to: room, ellipsis: glyphs.ellipsis) + tail
  }

  /// `● live`, `● playing` of a recording, `◐ 2 of 3 live`, `◐ behind 12s`, `◐ reading up to 22:04:10`, `○ down`, `‖ paused, 12 s back`, `‖ ended` for a recording.
  private var connection: Span {
    // Also to where a paused one is to stand.
    if let moment = state.readingUpTo {
      let time = TimeText.clock(moment, offset: state.clockOffset)
      return Span("\(glyphs.half) reading up to \(time)", style(.warn, bold: true))
    }
    if state.isPaused || header.isPaused {
      let back = header.secondsBack ?? 0
      let kept =
        header.isNothingKept
        ? ", nothing kept"
        : header.nodesKept < header.nodesTotal ? ", \(header.nodesKept) of \(header.nodesTotal) kept" : ""
      // Older numbers are not kept by the second.
      let steps = header.stepSeconds > 1 ? ", \(header.stepSeconds) s steps" : ""
      return Span(
        "\(glyphs.pause) paused, \(TimeText.span(seconds: Int64(back))) back\(steps)\(kept)",
        style(.warn, bold: true))
    }
    if state.isReplayOver { return Span("\(glyphs.pause) ended", style(.muted, bold: true)) }
    if let behind = state.behindSeconds {
      return Span("\(glyphs.half) behind \(TimeText.age(seconds: behind))", style(.warn, bold: true))
    }
    let live = header.targets.count(where: \.isLive)
    let isPlaying = state.replaySpeed != nil
    if live == header.targets.count {
      return Span("\(glyphs.up) \(isPlaying ? "playing" : "live")", style(.ok, bold: true))
    }
    if live == 0, let reading = header.targets.compactMap(\.readingWords).first {
      return Span("\(glyphs.pending) \(reading)", style(.warn, bold: true))
    }
    if live > 0 {
      let word =
        isPlaying
        ? "playing, \(live) of \(header.targets.count) up" : "\(live) of \(header.targets.count) live"
      return Span("\(glyphs.half) \(word)", style(.warn, bold: true))
    }
    if header.targets.contains(where: { $0.connection == .connecting }) {
      return Span("\(glyphs.pending) connecting", style(.warn, bold: true))
    }
    let stale = content.staleSeconds.map { ", stale \(TimeText.age(seconds: $0))" } ?? ""
    let absences = Set(header.targets.map(\.absence))
    let word =
      switch absences.count == 1 ? absences.first ?? nil : nil {
      case .tokenRefused: "token refused"
      case .silent: "silent"
      case .stopped: "stopped"
      case .down, nil: "down"
      }
    return Span("\(glyphs.down) \(word)\(stale)", style(.critical, bold: true))
  }
}
