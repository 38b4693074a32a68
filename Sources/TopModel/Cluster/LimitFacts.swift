import GenAPIValue

/// Tells what limits are about, of one gateway that asked none in the window, from what it was at others: while all of these are the
/// same, the rows are.
struct LimitFacts: Equatable, Sendable {
  private let name: ByteText
  private let told: Stamp
  private let shown: Stamp?
  /// How the keys were that are counted from.
  private let before: Stamp?
  private let isStale: Bool

  /// Of all gateways; nil where one of them asked a limit in the window: then rates are others each second.
  static func of(_ model: ClusterModel, _ settings: ViewSettings) -> [LimitFacts]? {
    let length = settings.window.seconds
    var facts: [LimitFacts] = []
    for target in model.gateways {
      let end = model.second(settings, target)
      guard target.history.stillness.isUnlimited(since: end - Int64(length) + 1) else { return nil }
      facts.append(
        LimitFacts(
          name: target.name, told: target.facts, shown: target.history.slowFacts(at: end),
          before: target.history.firstFacts(at: end - Int64(length)), isStale: model.isStale(target, settings)
        ))
    }
    return facts
  }
}
