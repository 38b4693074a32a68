import GenAPITelemetry
import GenAPIValue

extension ClusterModel {
  /// Every service that a gateway has, compared among those that have it, by the service's name.
  ///
  /// - Parameter settings: which gateways, by the filter's node terms, and when; other terms narrow nothing here, since a part
  ///   of a service may agree where the service does not.
  package func comparisons(_ settings: ViewSettings) -> [ByteText: ServiceComparison] {
    var live: [ByteText: [ServiceComparison.Side]] = [:]
    var stale: [ByteText: [ServiceComparison.Side]] = [:]
    for (target, _) in scoped(settings) {
      guard let slow = slowState(target, settings) else { continue }
      let isStale = isStale(target, settings)
      let functions = Dictionary(grouping: slow.functions, by: \.service)
      for service in slow.services {
        let side = ServiceComparison.Side(
          gateway: target.name, version: service.configVersion, functions: functions[service.service] ?? [])
        if isStale {
          stale[service.service, default: []].append(side)
        } else {
          live[service.service, default: []].append(side)
        }
      }
    }
    let sides = stale.merging(live) { $1 }
    return Dictionary(
      sides.map { ($0, ServiceComparison(service: $0, comparing: $1)) }, uniquingKeysWith: { $1 })
  }

  /// The services that gateways have differently now, silent gateways left out.
  package func configMismatches(_ settings: ViewSettings) -> [ServiceComparison] {
    configs(settings).services.filter { $0.isMismatched && !$0.isStale }.map(\.comparison)
  }
}
