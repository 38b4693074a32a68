import GenAPITelemetry
import GenAPIValue

extension ClusterModel {
  /// The users with most requests, failures and refusals of the last minutes, over the gateways that are not silent.
  ///
  /// There is no history of them: of a moment of the past nothing is told.
  ///
  /// - Parameter function: service and request type; nil for all functions together.
  package func topUsers(
    of function: (service: ByteText, requestType: ByteText)?, _ settings: ViewSettings
  ) -> TopUsersView {
    var view = TopUsersView()
    guard settings.moment == .live else { return view }
    var users: [ByteText: TopUsersView.User] = [:]
    var latest: Int64 = 0
    for target in gateways where settings.filter.matchesNode(target.name) && !isStale(target, settings) {
      for entry in target.state.topUsers
      where function.map({ $0.service == entry.service && $0.requestType == entry.requestType }) ?? true {
        var user = users[entry.user] ?? .init(name: entry.user)
        user.requests = user.requests.saturatingAdd(entry.requests)
        user.failed = user.failed.saturatingAdd(entry.failed)
        user.refused = user.refused.saturatingAdd(entry.refused)
        user.over = user.over.saturatingAdd(max(entry.requestsOver, entry.failedOver, entry.refusedOver))
        users[entry.user] = user
        view.since = min(view.since ?? .max, entry.since)
        latest = max(latest, entry.since)
      }
    }
    // Those that began together began within a moment.
    if let since = view.since, latest.saturatingSubtract(since) > 2_000_000 { view.lastSince = latest }
    view.users = Array(users.values.sorted { $0.precedes($1) }.prefix(TopUsersView.most))
    return view
  }
}

extension TopUsersView.User {
  fileprivate func precedes(_ other: Self) -> Bool {
    let (mine, others) = (failed.saturatingAdd(refused), other.failed.saturatingAdd(other.refused))
    if mine != others { return mine > others }
    if requests != other.requests { return requests > other.requests }
    return name.precedesNaturally(other.name)
  }
}
