import GenAPITelemetry
import OutsideText
import TopModel

/// What a gateway's page has beside its row.
extension DetailPage {
  /// What there is no history of: sockets, hooks and who listens.
  mutating func addGateway(_ view: GatewayView) {
    if context.settings.moment != .live {
      lines.append([])
      lines.append([Span("what follows is as it is now: there is no history of it", context.style(.warn))])
    }
    field("running", TimeText.age(seconds: view.uptimeMs / 1_000) + ", \(view.threads) threads")
    if view.cut > 0 {
      field(
        "cut", "\(NumberText.grouped(view.cut)) names, texts and entries too long or too many to keep", .warn)
    }
    let unknown = view.unknown
    let (knowsSockets, knowsTotals) = (!unknown.contains(.sockets), !unknown.contains(.totals))
    addConfiguration(view)
    head("Sockets")
    field(
      "open",
      knowsSockets
        ? "\(NumberText.grouped(Int64(view.sockets.open))), \(NumberText.grouped(Int64(view.sockets.joined))) channels joined"
        : nil)
    field(
      "since the start",
      knowsSockets
        ? "\(NumberText.grouped(view.sockets.opened)) opened, \(NumberText.grouped(view.sockets.closed)) closed"
        : nil)
    for (transport, count) in view.sockets.byTransport.sorted(by: { $0.key.precedesNaturally($1.key) })
      .prefix(10)
    {
      field("over \(transport)", NumberText.grouped(Int64(count)))
    }
    let refused = view.sockets.refusedHandshakes.filter { $0.value > 0 }
      .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    if !refused.isEmpty {
      let reasons = refused.prefix(10).map { "\(NumberText.grouped($0.value)) \($0.key.words)" }
      field("turned away", reasons.joined(separator: ", "), .warn)
    }
    if view.sockets.acceptFailures > 0 {
      field(
        "not accepted",
        "\(NumberText.grouped(view.sockets.acceptFailures)) times: the system let no connection be accepted, as without descriptors",
        .critical)
    }
    if view.droppedLogLines > 0 {
      field(
        "log",
        "\(NumberText.grouped(view.droppedLogLines)) lines lost: nobody took them in time, or they could not be written",
        .warn)
    }
    head("Requests since counting began")
    field(
      "requests",
      knowsTotals
        ? "\(NumberText.grouped(view.totals.requests)): \(NumberText.grouped(view.totals.ok)) ok, "
          + "\(NumberText.grouped(view.totals.failed)) failed, \(NumberText.grouped(view.totals.rejected)) rejected"
          + (view.totals.cancelled > 0
            ? ", \(NumberText.grouped(view.totals.cancelled)) given up" : "")
        : nil)
    field("retries", knowsTotals ? NumberText.grouped(view.totals.retries) : nil)
    field(
      "events",
      !knowsTotals
        ? nil
        : "\(NumberText.grouped(view.totals.eventsEmitted)) emitted, \(NumberText.grouped(view.totals.eventsDropped)) had no room with somebody who listens"
    )
    if view.limiter.maxTrackedKeys > 0, !unknown.contains(.limiter) {
      head("Rate limits")
      field(
        "keys",
        "\(NumberText.grouped(Int64(view.limiter.trackedKeys))) of \(NumberText.grouped(Int64(view.limiter.maxTrackedKeys)))"
      )
      field(
        "given up",
        view.limiter.evictedKeys == 0
          ? "none"
          : "\(NumberText.grouped(view.limiter.evictedKeys)) before their window ended, for want of room",
        view.limiter.evictedKeys > 0 ? .warn : .text)
    }
    head("Hooks")
    if view.hooks.isEmpty { note(unknown.contains(.hooks) ? "not told" : "none has run") }
    addHooks(view.hooks)
    if !view.subscribers.isEmpty {
      head("Who listens")
      let peerWidth = view.subscribers.prefix(20).reduce(0) { max($0, DisplayWidth.of($1.peer.shown) + 1) }
      for subscriber in view.subscribers.prefix(20) {
        let counts =
          "\(NumberText.grouped(subscriber.sent)) sent, \(NumberText.grouped(subscriber.dropped)) had no room"
        // An address that is cut is nobody's.
        lines.append([
          Span(subscriber.peer.shown.padded(to: max(19, peerWidth)), context.muted),
          Span(counts, context.style(subscriber.dropped > 0 ? .warn : .text)),
        ])
      }
    }
  }
}

extension DetailPage {
  /// Whether what is in force is what its configuration says, and until when its certificates are good.
  private mutating func addConfiguration(_ view: GatewayView) {
    if view.configuration.isTold {
      head("Configuration")
      field("in force since", time(view.configuration.readAt))
      if let fault = view.configuration.fault {
        field("last reload", "failed: \(fault)", .critical)
        field("tried", time(view.configuration.lastReadAt))
      }
      field(
        "reloads",
        "\(NumberText.grouped(view.configuration.reloads)) went well, \(NumberText.grouped(view.configuration.failedReloads)) failed"
      )
      if !view.configuration.waiting.isEmpty {
        field("wait for a restart", view.configuration.waiting.joined(separator: ", "), .warn)
      }
    }
    guard !view.certificates.isEmpty else { return }
    head("Certificates")
    for certificate in view.certificates.prefix(10) {
      guard let expiresAt = certificate.expiresAt else {
        field(certificate.use.string, "\(certificate.path): not known when it expires", .warn)
        continue
      }
      let left = expiresAt.saturatingSubtract(context.at) / 1_000_000
      field(
        certificate.use.string,
        "\(certificate.path): "
          + (left <= 0
            ? "expired \(TimeText.age(seconds: left.saturatingMultiply(-1))) ago"
            : "expires in \(TimeText.age(seconds: left))"),
        left <= 0 ? .critical : left < NodeRow.expiringSeconds ? .warn : .text)
    }
  }
}
