import OutsideText
import TopModel

/// What an alert is about, by `AlertRow.id`: the function, breaker, limit, service or node itself, or the alert where it is about
/// none of them.
struct AlertCauseDetail: Detail {
  let id: ByteText

  func load(_ content: inout ScreenContent, _ source: PaneSource) {
    AlertDetail(id: id).load(&content, source)
    subject(content).detail.load(&content, source)
  }

  func write(_ page: inout DetailPage, _ content: ScreenContent) {
    subject(content).detail.write(&page, content)
  }

  func terms(_ content: ScreenContent) -> [FilterTermText] { subject(content).detail.terms(content) }

  private func subject(_ content: ScreenContent) -> DetailDialog.Subject {
    content.alerts.first { $0.id == id }.flatMap { content.cause(of: $0) } ?? .init(AlertDetail(id: id))
  }
}

extension ScreenContent {
  /// Everything that an alert can be about.
  mutating func loadCauses(_ source: PaneSource) {
    loadFunctions(source)
    if circuits.pools.isEmpty { CircuitsPane.load(&self, source) }
    if limits.isEmpty { LimitsPane.load(&self, source) }
    if configs.services.isEmpty { ConfigsPane.load(&self, source) }
    if nodes.isEmpty { NodesPane.load(&self, source) }
  }

  /// What an alert is about, found by the name that the rule has for it; nil when there is nothing of that name.
  func cause(of alert: AlertRow) -> DetailDialog.Subject? {
    guard let subject = alert.subject else { return nil }
    if let row = requests.first(where: {
      EventBreakdown.functionName(service: $0.service, requestType: $0.requestType) == subject
    }) {
      return .init(FunctionDetail(id: row.id))
    }
    if alert.rule.hasPrefix("pool"), let pool = circuits.pools.first(where: { $0.alertSubject == subject }) {
      return .init(PoolDetail(id: pool.id))
    }
    if let breaker = circuits.breakers.first(where: { $0.alertSubject == subject }) {
      return .init(BreakerDetail(id: breaker.id))
    }
    if let limit = limits.first(where: {
      [$0.scope, $0.key].joinedUniquely(by: UInt8(ascii: " ")) == subject
    }) {
      return .init(LimitDetail(id: limit.id))
    }
    // A rule about a service is about its worst function; one about configs about the service.
    let isAboutConfigs =
      alert.rule.hasPrefix("config") || alert.rule.hasPrefix("pull")
      || alert.rule.hasPrefix("name")
    if !isAboutConfigs, let row = requests.first(where: { $0.service == subject }) {
      return .init(FunctionDetail(id: row.id))
    }
    if configs.services.contains(where: { $0.service == subject }) {
      return .init(ServiceDetail(name: subject))
    }
    if let node = nodes.first(where: { $0.name == subject }) { return .init(NodeDetail(id: node.id)) }
    // All functions, or all limits, together: the worst of them.
    guard subject == "all" else { return nil }
    if alert.rule.hasPrefix("rejects") { return limits.first.map { .init(LimitDetail(id: $0.id)) } }
    return requests.first.map { .init(FunctionDetail(id: $0.id)) }
  }
}
