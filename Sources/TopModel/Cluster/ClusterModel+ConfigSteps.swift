import GenAPITelemetry
import GenAPIValue

extension ClusterModel {
  /// Steps that are told of one service.
  static let mostConfigSteps = 100

  /// What changed of a service, field by field, in the history up to the moment shown, latest first; of its functions' rate limits
  /// too. At most 100.
  ///
  /// - Parameter settings: which gateways, by the filter's node terms, and when.
  package func configSteps(of service: ByteText, _ settings: ViewSettings) -> [ConfigStep] {
    var steps: [ConfigStep] = []
    for (target, _) in scoped(settings) {
      var own: [ConfigStep] = []
      let end = second(settings, target)
      let slow = target.history.slow
      var index = slow.partition { $0.second > end } - 1
      while index > 0, own.count < Self.mostConfigSteps {
        let (later, earlier) = (slow[index], slow[index - 1])
        own += changed(
          of: service, on: target.name, from: earlier.state, to: later.state, at: later.second * 1_000_000)
        index -= 1
      }
      steps += own
    }
    steps.sort { ($1.at, $0.gateway, $0.name, $0.setting) < ($0.at, $1.gateway, $1.name, $1.setting) }
    return Array(steps.prefix(Self.mostConfigSteps))
  }

  private func changed(
    of service: ByteText, on gateway: ByteText, from: SlowState, to: SlowState, at: Int64
  ) -> [ConfigStep] {
    var steps: [ConfigStep] = []
    // One that had nothing was starting, or had not told yet.
    guard !from.services.isEmpty || !from.functions.isEmpty else { return [] }
    func note(_ name: ByteText, _ setting: ByteText, _ old: ByteText, _ new: ByteText) {
      guard old != new else { return }
      steps.append(ConfigStep(at: at, gateway: gateway, name: name, setting: setting, from: old, to: new))
    }
    if !to.services.shares(from.services) {
      func version(_ state: SlowState) -> ByteText? {
        state.services.first { $0.service == service }.map { $0.configVersion ?? "none" }
      }
      if let old = version(from), let new = version(to) { note("", "version", old, new) }
    }
    if !to.functions.shares(from.functions) {
      func functions(_ state: SlowState) -> [ByteText: FunctionState] {
        Dictionary(
          state.functions.filter { $0.service == service }.map { ($0.entryKey, $0) },
          uniquingKeysWith: { $1 })
      }
      let (old, new) = (functions(from), functions(to))
      for key in Set(old.keys).union(new.keys) where old[key] != new[key] {
        guard let function = new[key] ?? old[key] else { continue }
        let name = function.name
        guard let before = old[key], let after = new[key] else {
          note(name, ConfigDifference.exists, old[key] == nil ? "no" : "yes", new[key] == nil ? "no" : "yes")
          continue
        }
        for (one, other) in zip(before.settings, after.settings) {
          note(name, one.name, one.value, other.value)
        }
      }
    }
    // Their counters change every second; what they allow is in their identity.
    if !to.limits.elementsEqual(from.limits, by: { $0.id == $1.id }) {
      func limits(_ state: SlowState) -> [ByteText: ByteText] {
        LimitComparison.texts(state.limits.filter { FunctionPath.parts(of: $0.scope)?.service == service })
      }
      let (old, new) = (limits(from), limits(to))
      for key in Set(old.keys).union(new.keys) {
        note(key, "rate limit", old[key] ?? "none", new[key] ?? "none")
      }
    }
    return steps
  }
}

extension FunctionState {
  /// `get_user`, `get_user@1.0.0`.
  fileprivate var name: ByteText { requestType + (version.map { "@" + $0 } ?? "") }
}
