import GenAPIValue

/// Tells that no function of any gateway did anything in the window that is shown live, and what else rows of functions and rules about
/// them depend on: while it is the same, they are.
struct Resting: Equatable, Sendable {
  private struct Gateway: Equatable {
    let name: ByteText
    let facts: Stamp
    let ends: Stamp
    let isStale: Bool
  }

  private let gateways: [Gateway]

  /// nil where a function did something, and where that is not known at a glance.
  init?(_ model: ClusterModel, _ window: StatisticsWindow) {
    var gateways: [Gateway] = []
    gateways.reserveCapacity(model.targets.count)
    for target in model.gateways {
      let end = target.liveSecond(at: model.now)
      guard target.history.isStill(endingAt: end, length: window.seconds) else { return nil }
      gateways.append(
        Gateway(
          name: target.name, facts: target.facts, ends: target.history.endsStamp,
          isStale: target.isStale(at: model.now)))
    }
    self.gateways = gateways
  }
}

extension ClusterModel {
  /// Whether all gateways rest, in the window shown; nil where they do not, and of the past.
  func resting(_ settings: ViewSettings) -> Resting? {
    settings.moment == .live ? resting(settings.window) : nil
  }

  /// The same of a window that ends now.
  func resting(_ window: StatisticsWindow) -> Resting? {
    restingMade.made(self, window) { Resting(self, window) }
  }
}
