import GenAPITelemetry
import OutsideText
import TopModel

/// A rate limit, by `LimitRow.id`.
struct LimitDetail: Detail {
  let id: ByteText

  func load(_ content: inout ScreenContent, _ source: PaneSource) {
    if content.limits.isEmpty { LimitsPane.load(&content, source) }
    guard let row = content.limits.first(where: { $0.id == id }) else { return }
    content.topUsers = source.model.topUsers(
      of: FunctionPath.parts(of: row.scope).map { ($0.service, $0.requestType) }, source.settings)
  }

  func write(_ page: inout DetailPage, _ content: ScreenContent) {
    page.addLimit(id, content)
    page.addTopUsers(content.topUsers)
  }

  func terms(_ content: ScreenContent) -> [FilterTermText] {
    guard let row = content.limits.first(where: { $0.id == id }),
      let function = FunctionPath.parts(of: row.scope)
    else { return [] }
    return [FilterTermText("service", function.service), FilterTermText("type", function.requestType)]
  }
}

/// One key of a limit on one gateway: a user, an address.
struct LimitKeyDetail: Detail {
  let limit: ByteText
  let key: ByteText
  let gateway: ByteText

  func write(_ page: inout DetailPage, _ content: ScreenContent) {
    guard let row = content.limits.first(where: { $0.id == limit }),
      let key = row.keys.first(where: { $0.value == key && $0.node == gateway })
    else { return page.addLimit(limit, content) }
    page.addLimitKey(key, of: row)
    page.head("Its limit")
    let title = page.title
    page.addLimit(limit, content)
    page.title = title
  }
}

extension DetailPage {
  fileprivate mutating func addLimitKey(_ key: LimitRow.Key, of row: LimitRow) {
    title = "\(row.key.shown) \(key.value.shown)"
    field("limit", "\(row.scope) \(row.key)")
    field("gateway", key.node.string)
    field(
      "refused",
      key.rejections.map {
        "\(NumberText.grouped(key.refused)) in \(context.window), \(NumberText.grouped($0)) since it is counted"
      }, key.refused > 0 ? .critical : key.rejections ?? 0 > 0 ? .warn : .text)
    field(
      "used",
      key.isTold
        ? "\(NumberText.grouped(Int64(key.used))) of \(NumberText.grouped(Int64(key.max)))"
        : "no more, or less than others use: the gateway does not tell of it",
      key.used >= key.max ? .critical : .text)
    if key.used >= key.max { field("free in", TimeText.duration(milliseconds: key.resetMs), .critical) }
  }

  mutating func addLimit(_ id: ByteText, _ content: ScreenContent) {
    guard let row = content.limits.first(where: { $0.id == id }) else { return }
    title = "Rate limit \(row.scope.shown) \(row.key.shown)"
    addStale(row.isStale, of: row.gateways)
    field(
      "allows",
      "\(NumberText.grouped(Int64(row.maxRequests))) requests in \(TimeText.duration(milliseconds: row.windowMs))"
    )
    if row.differs { field("so on", row.gateways.joined(separator: ", "), .warn) }
    let isOld = context.isOld(row.isStale)
    field("checked", isOld ? nil : row.checksPerSecond.map { "\(NumberText.short($0))/s" })
    let isRefusing = row.isRefusing(at: context.at)
    field(
      "refused",
      row.rejectionsPerSecond.map {
        (isOld ? "" : "\(NumberText.short($0))/s in \(context.window), ")
          + "\(NumberText.grouped(row.rejections)) since counting began"
      }, isRefusing ? Severity.refusals(perSecond: row.rejectionsPerSecond ?? 0) : .text)
    if row.refusing != nil, isRefusing {
      field(
        "refusing since",
        time(row.refusing?.since).map { $0 + (row.refusing?.isLonger == true ? " or longer" : "") },
        .warn)
    }
    field("last refusal", time(row.lastRejectionAt))
    field("keys in use", row.trackedKeys.map { NumberText.grouped(Int64($0)) })
    let evicted = content.header.evictedKeys
    if evicted > 0 {
      field(
        "keys given up",
        "\(NumberText.grouped(evicted)) of all limits, before their window ended, for want of room: they count anew",
        .warn)
    }
    addDifferences(row.differences, named: false)
    head("Refused most in \(context.window), then before, then closest to the limit")
    if row.keys.isEmpty { note("no key is in use") }
    let longest = row.keys.reduce(8) { max($0, min(LimitsPane.longestName, DisplayWidth.of($1.value.shown))) }
    // Behind the bar stand the numbers and the gateway: it gives way before a name or a number is cut.
    let nodeWidth = row.keys.reduce(0) { max($0, DisplayWidth.of($1.node.shown)) }
    let waitWidth = row.keys.contains { $0.used >= $0.max } ? 15 : 0
    let free = available - longest - 1 - 12 - waitWidth - 15 - 2 - nodeWidth
    let barWidth = free >= 4 ? min(20, free) : 0
    let nameWidth = min(longest, max(8, longest + min(0, free)))
    for key in row.keys {
      let fraction = key.fraction
      let bar = context.glyphs.bar(fraction, width: barWidth)
      let level = Severity.level(fraction)
      lines.append([
        Span(name: key.value.shown, to: nameWidth + 1, context.style(.title)),
        Span(bar.filled, context.style(level)), Span(bar.track, context.style(.border)),
        Span(
          " \((key.isTold ? NumberText.short(key.used) : context.glyphs.dash).padded(to: 5, .right))/\(NumberText.short(key.max).padded(to: 5))",
          context.style(level)),
        Span(
          (key.used >= key.max ? " free in \(TimeText.duration(milliseconds: key.resetMs))" : "")
            .padded(to: waitWidth),
          context.style(.critical)),
        Span(
          "  refused \(NumberText.short(key.rejections.map { _ in key.refused }).padded(to: 5, .right))",
          key.refused > 0 ? context.style(.warn) : context.muted),
        Span("  " + key.node.shown, context.muted),
      ])
      if row.key == "user_id" { link(UserDetail(name: key.value)) }
    }
    if let untold = row.untoldRefusals, untold > 0, !isOld {
      note(
        "\(NumberText.grouped(untold)) more refused in \(context.window), of keys that gateways do not tell of: "
          + "they tell of those closest to the limit")
    }
  }
}
