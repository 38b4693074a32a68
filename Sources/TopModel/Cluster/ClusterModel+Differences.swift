import GenAPITelemetry
import GenAPIValue

extension ClusterModel {
  /// What the gateways that have a service have differently of its functions; silent gateways do not count.
  package func differences(ofService service: ByteText, _ settings: ViewSettings) -> [ConfigDifference] {
    var functions: [ByteText: [ByteText: FunctionState]] = [:]
    var gateways: [ByteText] = []
    for (target, slow) in shown(settings) where !isStale(target, settings) {
      guard slow.services.contains(where: { $0.service == service }) else { continue }
      gateways.append(target.name)
      for function in slow.functions where function.service == service {
        functions[function.entryKey, default: [:]][target.name] = function
      }
    }
    guard gateways.count > 1 else { return [] }
    return functions.sorted { $0.key < $1.key }.flatMap { _, byGateway in
      differences(byGateway, among: gateways)
    }
  }

  private func differences(_ byGateway: [ByteText: FunctionState], among gateways: [ByteText])
    -> [ConfigDifference]
  {
    guard let first = byGateway.first?.value else { return [] }
    func difference(_ setting: ByteText, _ values: [ByteText: ByteText]) -> ConfigDifference {
      ConfigDifference(
        requestType: first.requestType, version: first.version, setting: setting, values: values)
    }
    var found: [ConfigDifference] = []
    if byGateway.count < gateways.count {
      let there: [(ByteText, ByteText)] = gateways.map { ($0, byGateway[$0] == nil ? "no" : "yes") }
      found.append(difference("exists", Dictionary(there, uniquingKeysWith: { $1 })))
    }
    if byGateway.values.allSatisfy({ $0.isConfigured(like: first) }) { return found }
    let all = byGateway.mapValues(\.settings)
    for place in first.settings.indices {
      let values = all.mapValues { $0[place].value }
      if Set(values.values).count > 1 { found.append(difference(first.settings[place].name, values)) }
    }
    return found
  }
}
