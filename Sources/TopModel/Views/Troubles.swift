import GenAPITelemetry
import GenAPIValue

/// What is wrong in each pane, counted: for a screen that does not show them all.
package struct Troubles: Equatable, Sendable {
  /// Functions of which a number is red.
  package var functions = 0
  /// By rate limits that refuse now, over the window.
  package var refusedPerSecond = 0.0
  package var openBreakers = 0
  package var halfOpenBreakers = 0
  package var fullPools = 0
  /// Services that gateways have differently.
  package var differing = 0
  /// Services that cannot be pulled or name what nothing is registered for, and configs that were refused.
  package var failedConfigs = 0
  /// Gateways that are down, silent, stopped or refuse the token, and service nodes that are down.
  package var down = 0
  /// Gateways that drain or are not ready.
  package var unready = 0
  package var firing = 0
  /// One of the alerts that fire is critical.
  package var firesCritical = false

  package init() {}
}

extension ClusterModel {
  /// What is wrong at the moment shown, whatever the screen shows.
  package func troubles(_ settings: ViewSettings) -> Troubles {
    troubles(settings, functions: requests(settings).count { $0.trouble > 1 })
  }

  /// - Parameter functions: of how many a number is red.
  func troubles(_ settings: ViewSettings, functions: Int) -> Troubles {
    var found = Troubles()
    found.functions = functions
    found.refusedPerSecond = limits(settings) { _, _, _ in [:] }
      .reduce(0) { $0 + $1.refusesPerSecond(at: moment(settings)) }
    let circuits = circuits(settings, slots: 1, includingServices: false)
    found.fullPools = circuits.pools.count { $0.state.isFull && !$0.isStale }
    for breaker in circuits.breakers where !breaker.isStale {
      switch breaker.state.state {
      case .open: found.openBreakers += 1
      case .halfOpen: found.halfOpenBreakers += 1
      case .closed, .unknown: break
      }
    }
    let configs = configs(settings)
    found.differing = configs.services.count { $0.isMismatched && !$0.isStale }
    found.failedConfigs =
      configs.services.count { ($0.pullFailures > 0 || !$0.unresolved.isEmpty) && !$0.isStale }
      + configs.failed.count
    for node in nodes(settings) {
      if !node.isUp {
        found.down += 1
      } else if node.readiness.isReady == false {
        found.unready += 1
      }
    }
    let alerts = alertRows(settings)
    found.firing = alerts.count(where: \.isFiring)
    found.firesCritical = alerts.contains { $0.isFiring && $0.isCritical }
    return found
  }
}
