import GenAPITelemetry
import OutsideText
import TopModel

extension DetailPage {
  /// A function by outcome, by gateway, by the nodes that run it, and the hooks around it.
  ///
  /// - Parameter isOld: nobody that is heard tells of it, though others are.
  mutating func addParts(_ view: FunctionView, isOld: Bool = false) {
    let finished = view.endings.reduce(Int64(0)) { $0.saturatingAdd($1.count) }
    if finished > 0 {
      head(
        "Outcomes of \(NumberText.counted(Int(clamping: finished), "request")) in \(context.window)"
          + (isOld ? ", as it was told last" : ""))
      for ending in view.endings {
        let fraction = Double(ending.count) / Double(finished)
        let bar = context.glyphs.bar(fraction, width: 20)
        let key: ThemeKey = ending.outcome == .ok ? .ok : ending.outcome.isFailure ? .critical : .warn
        lines.append([
          Span(ending.outcome.words.padded(to: 19), context.style(key)), Span(bar.filled, context.style(key)),
          Span(bar.track, context.style(.border)),
          Span(" " + NumberText.percent(fraction * 100).padded(to: 5, .right) + "%", context.text),
          Span(NumberText.short(ending.count).padded(to: 7, .right), context.muted),
        ])
      }
    }
    if !view.gateways.isEmpty {
      head("By gateway")
      lines.append([
        Span(
          "GATEWAY".padded(to: 19) + "  RPS  ERR%  REJ%   FLY RETRY     P50     P99", context.muted)
      ])
      for part in view.gateways {
        lines.append(line(part))
        link(NodeDetail(id: "g" + part.node))
      }
    }
    if !view.serviceNodes.isEmpty {
      head("Nodes that run it, with all that they do")
      for node in view.serviceNodes.prefix(50) {
        lines.append(line(node))
        link(NodeDetail(id: node.id))
      }
    }
    if !view.hooks.isEmpty {
      head("Hooks, since counting began" + (context.settings.moment == .live ? "" : ", as it is now"))
      addHooks(view.hooks)
    }
  }

  private func line(_ part: FunctionView.Part) -> [Span] {
    let stale = part.isStale
    let error: ThemeKey = part.errorPercent >= 5 ? .critical : part.errorPercent >= 1 ? .warn : .text
    let rejected: ThemeKey =
      part.rejectedPercent >= 20 ? .critical : part.rejectedPercent >= 1 ? .warn : .text
    // What a gateway told last that is not heard stands for nothing beside what others tell now.
    let isOld = context.isOld(stale)
    func cell(_ text: String, _ width: Int, _ key: ThemeKey = .text) -> Span {
      Span(
        (isOld ? context.glyphs.dash : text).padded(to: width, .right), context.style(key, stale: stale))
    }
    return [
      Span(name: part.node.shown, to: 19, context.style(.title, stale: stale)),
      cell(part.isKept ? NumberText.short(part.requestsPerSecond) : context.glyphs.dash, 5),
      cell(part.hasEnded ? NumberText.percent(part.errorPercent) : context.glyphs.dash, 6, error),
      cell(part.hasEnded ? NumberText.percent(part.rejectedPercent) : context.glyphs.dash, 6, rejected),
      cell(NumberText.short(part.inFlight), 6),
      cell(NumberText.short(part.retries), 6, part.retries > 0 ? .warn : .text),
      cell(TimeText.duration(microseconds: part.p50), 8), cell(TimeText.duration(microseconds: part.p99), 8),
      Span(stale ? " stale" : "", context.muted),
    ]
  }

  private func line(_ node: NodeRow) -> [Span] {
    let (word, glyph, key): (String, String, ThemeKey) =
      node.isUnseen
      ? ("not seen", context.glyphs.dash, .muted)
      : node.isUp ? ("up", context.glyphs.up, .ok) : ("down", context.glyphs.down, .critical)
    return [
      Span(glyph + " ", context.style(key)),
      Span(name: node.name.shown, to: 27, context.style(.title, stale: node.isStale || !node.isUp)),
      Span(word.padded(to: node.isUnseen ? 9 : 6), context.style(node.isUp ? .muted : .critical)),
      Span(
        "\(NumberText.short(node.requestsPerSecond).padded(to: 5, .right))/s "
          + (node.hasEnded ? NumberText.percent(node.errorPercent) : context.glyphs.dash)
          .padded(to: 5, .right) + "% failed  "
          + "p99 \(TimeText.duration(microseconds: node.p99))"
          + Self.failovers(node.failoverPercent),
        context.style(.text, stale: node.isStale || !node.isUp)),
    ]
  }

  mutating func addHooks(_ hooks: [HookState]) {
    for hook in hooks.prefix(50) {
      lines.append([
        Span(hook.phase.shown.padded(to: 7), context.muted),
        Span(name: "\(hook.module).\(hook.function)".shown, to: 28, context.style(.title)),
        Span(NumberText.short(hook.runs).padded(to: 6, .right) + " runs ", context.text),
        Span(
          NumberText.short(hook.failures).padded(to: 5, .right) + " failed",
          context.style(Severity.failures(hook.failures, of: hook.runs))),
        Span("  p99 " + TimeText.duration(microseconds: hook.latency.quantile(0.99)), context.text),
      ])
    }
    if hooks.count > 50 { note("and \(hooks.count - 50) more") }
  }
}

extension RequestOutcome {
  /// `rate limited`.
  var words: String { ByteText(rawValue).words }
}

extension ByteText {
  /// `rate limited`, of `rate_limited`.
  var words: String { string.replacing("_", with: " ").shown }
}
