import GenAPITelemetry
import OutsideText
import TopModel

extension RequestsPane {
  func table(_ context: PaneContext) -> Table<RequestRow> {
    let sort = context.settings.requestSort
    // Names that can be read are worth more than the columns that matter least.
    let least = context.width >= 60 ? 14 : 0
    let longestService = rows.remembered("service") {
      // What is none of the functions takes no room from them.
      Table<RequestName>.longest($0, most: 48) { $0.service == RequestRow.unsupported ? nil : $0.service }
    }
    let longestType = rows.remembered("type") { Table<RequestName>.longest($0, most: 48) { $0.requestType } }
    let longestName = rows.remembered("name") { names in
      Table<RequestName>.longest(names, most: 60) { $0.requestType + ($0.version.map { "@" + $0 } ?? "") }
    }
    var table = Table(
      columns: [
        .init(
          "SERVICE", max(12, min(least, longestService)), most: longestService, sorted: sort == .service,
          isName: true,
          cell: { [Span($0.service.shown, context.style(.text, stale: $0.isStale))] }),
        .init(
          "TYPE", max(11, min(least, longestType)), most: longestName,
          sorted: sort == .type, isName: true, wide: { name($0, width: $1, context) }),
      ] + numbers(context) { $0 })
    table.isStale = { $0.isStale }
    return table
  }

  /// The same for functions and for groups of requests.
  func numbers<Row>(_ context: PaneContext, _ numbers: @escaping (Row) -> RequestRow) -> [Table<Row>.Column] {
    let sort = context.settings.requestSort
    func latency(_ row: RequestRow, _ value: Int64?) -> [Span] {
      let value = context.isOld(row.isStale) ? nil : value
      return [
        Span(
          TimeText.duration(microseconds: value), context.style(Severity.duration(value), stale: row.isStale))
      ]
    }
    /// A moment of which nothing was kept has no numbers.
    func number(_ row: RequestRow, _ spans: [Span]) -> [Span] {
      row.isKept && !context.isOld(row.isStale) ? spans : [Span(context.glyphs.dash, context.muted)]
    }
    // Of what has not ended there is no share.
    func percent(_ row: RequestRow, _ value: Double, critical: Double) -> [Span] {
      row.hasEnded
        ? Severity.percent(value, warn: 1, critical: critical, stale: row.isStale, context)
        : [Span(context.glyphs.dash, context.muted)]
    }
    return [
      .init(
        "TREND", 8, most: 40, .right, rank: 5,
        wide: { row, width in
          let row = numbers(row)
          let trend = context.glyphs.sparkline(row.trend, width: width)
          return [Span(trend, context.style(.graphLow, stale: row.isStale))]
        }),
      .init("RPS", 5, .right, sorted: sort == .rate || sort == .worst) { row in
        let row = numbers(row)
        let key: ThemeKey = row.requestsPerSecond > 0 ? .text : .muted
        return number(
          row, [Span(NumberText.short(row.requestsPerSecond), context.style(key, stale: row.isStale))])
      },
      .init("ERR%", 4, .right, sorted: sort == .errors) { row in
        let row = numbers(row)
        return number(row, percent(row, row.errorPercent, critical: 5))
      },
      .init("REJ%", 4, .right, rank: 2, sorted: sort == .rejected) { row in
        let row = numbers(row)
        return number(row, percent(row, row.rejectedPercent, critical: 20))
      },
      .init("FLY", 4, .right, rank: 7, sorted: sort == .inFlight) { row in
        let row = numbers(row)
        // Below zero where nobody counts it.
        if row.inFlight < 0 { return [Span(context.glyphs.dash, context.muted)] }
        let key: ThemeKey = row.inFlight > 0 ? .text : .muted
        return number(row, [Span(NumberText.short(row.inFlight), context.style(key, stale: row.isStale))])
      },
      .init("P50", 6, .right, rank: 3, sorted: sort == .p50) { latency(numbers($0), numbers($0).p50) },
      .init("P95", 6, .right, rank: 4, sorted: sort == .p95) { latency(numbers($0), numbers($0).p95) },
      .init("P99", 6, .right, rank: 1, sorted: sort == .p99) { latency(numbers($0), numbers($0).p99) },
      .init("MAX", 6, .right, rank: 8, sorted: sort == .max) { row in
        let row = numbers(row)
        let longest = context.isOld(row.isStale) ? nil : row.max
        return [Span(TimeText.duration(microseconds: longest), context.style(.text, stale: row.isStale))]
      },
    ]
  }

  /// What was asked for last that is not there: of `unsupported function: old version latest of service users` what names it.
  private func unsupportedName(_ row: RequestRow, _ context: PaneContext) -> [Span] {
    let told = row.lastError?.string ?? row.requestType.string
    let name = UnsupportedName(told).map { "\($0.service)/\($0.requestType)" } ?? told
    return [Span(name.shown, context.style(.warn, stale: row.isStale))]
  }

  /// `get_user@3.2.0`; where it does not fit the version goes first, but for functions of several versions. The name is cut by the table,
  /// beside the others.
  private func name(_ row: RequestRow, width: Int, _ context: PaneContext) -> [Span] {
    if row.isUnsupported { return unsupportedName(row, context) }
    let type = row.requestType.shown
    let style = context.style(.title, stale: row.isStale)
    guard let version = row.version.map({ "@" + $0.shown }) else { return [Span(type, style)] }
    let needed = DisplayWidth.of(type) + DisplayWidth.of(version)
    if needed <= width { return [Span(type, style), Span(version, context.muted)] }
    guard rows.hasOtherVersions(row), width >= 10 else { return [Span(type, style)] }
    let short = version.truncated(to: width / 2, ellipsis: context.glyphs.ellipsis)
    return [Span(type, style), Span(short, context.muted)]
  }
}
